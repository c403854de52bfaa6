using Moldau.Client.Admin;
using Moldau.Protocol;

namespace Moldau.Client.Consuming;

/// <summary>What a consumer knows of a partition that it reads. Belongs to whoever calls the consumer.</summary>
internal sealed class AssignedPartition(TopicPartition partition)
{
    public TopicPartition Partition => partition;

    /// <summary>The next offset to give out; -1 while it has to be found out.</summary>
    public long Position { get; private set; } = -1;

    /// <summary>The leader epoch of the last record given out; -1 when unknown.</summary>
    public int PositionEpoch { get; private set; } = -1;

    /// <summary>What to look for while there is no position; null: the committed offset, else as the options say.</summary>
    public OffsetSpec? Wanted { get; private set; }

    /// <summary>Changes whenever the position is moved by hand: what was asked before is of no use then.</summary>
    public int Move { get; private set; }

    public bool IsPaused { get; set; }

    /// <summary>Whether a fetch is under way, or fetched records are not given out yet.</summary>
    public bool IsBusy { get; set; }

    /// <summary>When it may be asked about again after an error, as a timestamp of the clock.</summary>
    public long NotBefore { get; set; }

    /// <summary>The end of what all replicas have; -1 before the first fetch.</summary>
    public long HighWatermark { get; set; } = -1;

    /// <summary>The end of what read_committed sees; -1 before the first fetch.</summary>
    public long LastStableOffset { get; set; } = -1;

    /// <summary>The first offset that is there; -1 before the first fetch.</summary>
    public long LogStart { get; set; } = -1;

    /// <summary>Moves the position.</summary>
    public void SeekTo(long offset, int epoch = -1)
    {
        Position = offset;
        PositionEpoch = epoch;
        Wanted = null;
        Move++;
    }

    /// <summary>Forgets the position, which is to be looked up.</summary>
    public void Reset(OffsetSpec? wanted)
    {
        Position = -1;
        PositionEpoch = -1;
        Wanted = wanted;
        Move++;
    }

    /// <summary>Goes on behind records that were given out.</summary>
    public void Advance(long offset, int epoch)
    {
        Invariant.That(offset >= Position);
        Position = offset;
        if (epoch >= 0) PositionEpoch = epoch;
    }
}
