using Moldau.Protocol;
using Moldau.Protocol.Batches;

namespace Moldau.Client.Producing;

/// <summary>
/// The batches of one partition: those on their way, those that wait to be sent again, in front, and new ones behind. Guarded by the accumulator's lock.
/// </summary>
/// <remarks>
/// With idempotence a batch keeps the sequence number of its first sending. A batch that is sent again goes alone, as the oldest, so that the broker never sees a gap
/// that is none.
/// </remarks>
internal sealed class PartitionQueue(TopicPartition partition)
{
    private readonly LinkedList<ProducerBatch> waiting = [];
    private readonly List<ProducerBatch> underWay = [];
    private int nextSequence;
    private long nextOrder;

    public TopicPartition Partition => partition;

    /// <summary>Whether a batch with a sequence number was given up: what follows it is refused until there is a new identity.</summary>
    public bool HasGap { get; private set; }

    public bool IsEmpty => waiting.Count == 0 && underWay.Count == 0;

    public bool HasUnderWay => underWay.Count > 0;

    /// <summary>The oldest batch that is not on its way.</summary>
    public ProducerBatch? Head => waiting.First?.Value;

    /// <summary>Whether any batch bears a sequence number.</summary>
    public bool HasSequenced => underWay.Count > 0 || Head is { BaseSequence: >= 0 };

    public IEnumerable<ProducerBatch> All => underWay.Concat(waiting);

    /// <summary>The batch that takes further records; null when there is none.</summary>
    public ProducerBatch? Open => waiting.Last is { Value.IsSealed: false } last ? last.Value : null;

    public void Add(ProducerBatch batch)
    {
        batch.Order = nextOrder++;
        waiting.AddLast(batch);
    }

    /// <summary>Whether the head may go to a broker now, by the rules of order.</summary>
    public bool MaySend(int broker, bool idempotent, int underWayMax)
    {
        if (underWay.Count == 0) return true;
        if (!idempotent) return underWay.Count < underWayMax;
        // Two brokers would not keep the order between them.
        return Head!.BaseSequence < 0 && underWay.Count < underWayMax && underWay.TrueForAll(batch => batch.SentTo == broker);
    }

    /// <summary>Takes the head for sending and gives it its sequence number.</summary>
    public ProducerBatch Take(int broker, bool idempotent)
    {
        ProducerBatch batch = Head!;
        waiting.RemoveFirst();
        batch.IsSealed = true;
        batch.SentTo = broker;
        batch.Attempts++;
        if (idempotent && batch.BaseSequence < 0)
        {
            batch.BaseSequence = nextSequence;
            nextSequence = RecordBatch.Sequence(nextSequence, batch.Builder.Count);
        }

        underWay.Add(batch);
        return batch;
    }

    /// <summary>Whether no older batch with a sequence number is left.</summary>
    public bool IsOldest(ProducerBatch batch) =>
        underWay.TrueForAll(other => other.Order >= batch.Order) && (Head is not { BaseSequence: >= 0 } head || head.Order > batch.Order);

    /// <summary>Puts a batch that was sent back to its place among those that wait.</summary>
    public void Return(ProducerBatch batch)
    {
        underWay.Remove(batch);
        batch.SentTo = -1;
        LinkedListNode<ProducerBatch>? behind = waiting.First;
        while (behind is not null && behind.Value.Order < batch.Order) behind = behind.Next;
        if (behind is null) waiting.AddLast(batch);
        else waiting.AddBefore(behind, batch);
    }

    /// <summary>Takes a batch out for good.</summary>
    public void Remove(ProducerBatch batch, bool leavesGap)
    {
        if (!underWay.Remove(batch)) waiting.Remove(batch);
        if (leavesGap && batch.BaseSequence >= 0) HasGap = true;
    }

    /// <summary>Begins at sequence 0, under a new identity.</summary>
    public void Restart()
    {
        Invariant.That(!HasSequenced);
        nextSequence = 0;
        HasGap = false;
    }
}
