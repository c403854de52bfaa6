using System.Runtime.CompilerServices;
using Moldau.Protocol;

namespace Moldau.Client.Producing;

/// <summary>Where a record has gone.</summary>
/// <param name="Partition">Its partition.</param>
/// <param name="Offset">Its offset; -1 when the broker did not tell (acks=0, or a repeated batch that it has half forgotten).</param>
/// <param name="TimestampMs">Its timestamp: the append time where the topic says so.</param>
public readonly record struct DeliveryReport(TopicPartition Partition, long Offset, long TimestampMs);

/// <summary>A record that has been taken for sending. Awaiting it gives the <see cref="DeliveryReport"/>, or throws why the record was not delivered.</summary>
public readonly struct Delivery
{
    private readonly ProducerBatch batch;
    private readonly int index;
    private readonly long timestampMs;

    internal Delivery(ProducerBatch batch, int index, long timestampMs)
    {
        this.batch = batch;
        this.index = index;
        this.timestampMs = timestampMs;
    }

    /// <summary>The partition that was chosen.</summary>
    public TopicPartition Partition => batch.Partition;

    /// <summary>Whether the record's fate is known.</summary>
    public bool IsCompleted => batch.Outcome.IsCompleted;

    /// <summary>The delivery as a task.</summary>
    /// <exception cref="KafkaException">From the task: the record was not delivered, or it is not known whether.</exception>
    public async Task<DeliveryReport> AsTask()
    {
        BatchOutcome outcome = await batch.Outcome;
        long offset = outcome.BaseOffset < 0 ? -1 : outcome.BaseOffset + index;
        return new DeliveryReport(batch.Partition, offset, outcome.AppendTimeMs >= 0 ? outcome.AppendTimeMs : timestampMs);
    }

    /// <summary>For <c>await</c>.</summary>
    public TaskAwaiter<DeliveryReport> GetAwaiter() => AsTask().GetAwaiter();
}
