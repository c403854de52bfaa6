using Moldau.Protocol.Batches;
using Moldau.Storage.Logs;
using Moldau.Storage.Producers;

namespace Moldau.Storage.Cleaning;

/// <summary>
/// Which batches hold what is last known of the log's producers: the batch with the last sequence number, or, where only a marker told of the producer, a
/// control batch of its epoch. Without them a log that is read anew would forget its producers.
/// </summary>
internal sealed class LastBatches
{
    private readonly Dictionary<long, (long LastOffset, short Epoch)> producers = [];

    /// <summary>No producers.</summary>
    public static LastBatches None { get; } = new();

    /// <summary>Those of a log as it is now.</summary>
    public static LastBatches Of(LogState log)
    {
        var last = new LastBatches();
        lock (log.Gate)
        {
            foreach (ProducerState producer in log.Producers.Ordered()) last.producers[producer.Id.Value] = (producer.Last?.LastOffset ?? -1, producer.Epoch);
        }

        return last;
    }

    /// <summary>Whether a batch is one of them.</summary>
    public bool Has(in RecordBatchHeader batch)
    {
        if (!batch.HasProducerId || !producers.TryGetValue(batch.ProducerId.Value, out (long LastOffset, short Epoch) last)) return false;
        return last.LastOffset >= 0 ? batch.LastOffset == last.LastOffset : batch.IsControl && batch.ProducerEpoch == last.Epoch;
    }
}
