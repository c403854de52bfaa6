using Moldau.Metadata;

namespace Moldau.Broker.Quorum;

/// <summary>
/// Where the controller's appends wait for the raft loop. Offsets are given here, so that the controller can replay what it appended at
/// once; the loop writes the batches in the same order. Open in one epoch at a time. Thread-safe, bounded.
/// </summary>
internal sealed class BatchAccumulator(Func<long> nowMs)
{
    private readonly Lock gate = new();
    private List<EncodedBatch> waiting = [];
    private int epoch = -1;
    private bool isOpen;
    private long nextOffset;

    /// <summary>This node leads the epoch: appends are taken from an offset on.</summary>
    public void Open(int newEpoch, long endOffset)
    {
        lock (gate)
        {
            waiting.Clear();
            (epoch, nextOffset, isOpen) = (newEpoch, endOffset, true);
        }
    }

    /// <summary>This node does not lead; what waits is dropped and was never promised to anybody.</summary>
    public void Close(int newEpoch)
    {
        lock (gate)
        {
            waiting.Clear();
            (epoch, isOpen) = (newEpoch, false);
        }
    }

    /// <summary>Takes records. Returns the last one's offset.</summary>
    /// <exception cref="NotLeaderException">This node does not lead in that epoch.</exception>
    /// <exception cref="MetadataBatchTooLargeException">They do not fit into a batch.</exception>
    /// <exception cref="QuorumBusyException">Too much waits already.</exception>
    public long Append(int leaderEpoch, IReadOnlyList<MetadataRecord> records, bool isAtomic)
    {
        lock (gate)
        {
            if (!isOpen || epoch != leaderEpoch) throw new NotLeaderException(leaderEpoch, epoch);
            if (waiting.Count >= Raft.Limits.PendingBatches) throw new QuorumBusyException();
            List<EncodedBatch> batches = MetadataBatches.Encode(records, nextOffset, epoch, nowMs(), isAtomic);
            waiting.AddRange(batches);
            nextOffset += records.Count;
            return nextOffset - 1;
        }
    }

    /// <summary>Takes out what waits, in order.</summary>
    public List<EncodedBatch> Drain()
    {
        lock (gate)
        {
            if (waiting.Count == 0) return [];
            List<EncodedBatch> batches = waiting;
            waiting = [];
            return batches;
        }
    }
}
