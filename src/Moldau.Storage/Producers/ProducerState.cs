using System.Runtime.CompilerServices;
using Moldau.Protocol;

namespace Moldau.Storage.Producers;

/// <summary>A batch as its producer will repeat it: by sequence numbers; and where it stands in the log.</summary>
internal readonly record struct ProducedBatch(int LastSequence, long LastOffset, int OffsetDelta, long TimestampMs)
{
    /// <summary>The first record's sequence number; numbers wrap behind the largest int32 to 0.</summary>
    public int FirstSequence => (int)(((long)LastSequence - OffsetDelta) & int.MaxValue);

    /// <summary>The first record's offset.</summary>
    public long FirstOffset => LastOffset - OffsetDelta;
}

/// <summary>What a partition knows of one producer. Owned by the log, changed under its lock.</summary>
internal sealed class ProducerState(ProducerId id)
{
    private Batches batches;
    private int first;

    public ProducerId Id { get; } = id;

    /// <summary>The producer's epoch; -1 while nothing is known.</summary>
    public short Epoch { get; private set; } = -1;

    /// <summary>The epoch of the transaction coordinator that wrote the last marker; -1 without one.</summary>
    public int CoordinatorEpoch { get; set; } = -1;

    /// <summary>The last timestamp seen from the producer; by it producers are forgotten.</summary>
    public long LastTimestampMs { get; set; } = -1;

    /// <summary>The first offset of the open transaction; -1 without one.</summary>
    public long TransactionStart { get; set; } = -1;

    /// <summary>Batches remembered, at most <see cref="Limits.BatchesPerProducer"/>.</summary>
    public int Count { get; private set; }

    /// <summary>The last batch; null when none is remembered at this epoch.</summary>
    public ProducedBatch? Last => Count == 0 ? null : batches[(first + Count - 1) % Limits.BatchesPerProducer];

    /// <summary>The oldest batch remembered; null when none is.</summary>
    public ProducedBatch? Oldest => Count == 0 ? null : batches[first];

    /// <summary>Whether the log may have batches of this epoch before the oldest one remembered, as it may for a producer from a snapshot.</summary>
    public bool MayHaveEarlier { get; set; }

    /// <summary>The last record's sequence number; -1 when none is known.</summary>
    public int LastSequence => Last?.LastSequence ?? -1;

    /// <summary>Takes an epoch; batches of another one are no longer duplicates of anything.</summary>
    public void SetEpoch(short epoch)
    {
        if (Epoch == epoch) return;
        Epoch = epoch;
        Count = 0;
        MayHaveEarlier = false;
    }

    /// <summary>Remembers a batch; the oldest goes.</summary>
    public void Add(in ProducedBatch batch)
    {
        batches[(first + Count) % Limits.BatchesPerProducer] = batch;
        if (Count < Limits.BatchesPerProducer) Count++;
        else first = (first + 1) % Limits.BatchesPerProducer;
    }

    /// <summary>Puts batches, oldest first, before those remembered.</summary>
    public void Recall(List<ProducedBatch> earlier)
    {
        Invariant.That(Count + earlier.Count <= Limits.BatchesPerProducer);
        for (int i = earlier.Count - 1; i >= 0; i--)
        {
            first = (first + Limits.BatchesPerProducer - 1) % Limits.BatchesPerProducer;
            batches[first] = earlier[i];
            Count++;
        }
    }

    /// <summary>The remembered batch with exactly these sequence numbers, at this epoch.</summary>
    public ProducedBatch? FindDuplicate(short epoch, int firstSequence, int lastSequence)
    {
        if (epoch != Epoch) return null;
        for (int i = 0; i < Count; i++)
        {
            ProducedBatch batch = batches[(first + i) % Limits.BatchesPerProducer];
            if (batch.FirstSequence == firstSequence && batch.LastSequence == lastSequence) return batch;
        }

        return null;
    }

    [InlineArray(Limits.BatchesPerProducer)]
    private struct Batches
    {
        private ProducedBatch element;
    }
}
