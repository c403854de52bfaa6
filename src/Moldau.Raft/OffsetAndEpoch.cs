namespace Moldau.Raft;

/// <summary>An offset together with the epoch of the record before it: the end of a log, or the id of a snapshot (its first missing offset).</summary>
/// <param name="Offset">The offset, exclusive.</param>
/// <param name="Epoch">The epoch of the last record below it; 0 where there is none.</param>
public readonly record struct OffsetAndEpoch(long Offset, int Epoch) : IComparable<OffsetAndEpoch>
{
    /// <summary>The id of the checkpoint that formatting writes. It describes no log, so no follower is ever sent it.</summary>
    public static readonly OffsetAndEpoch Bootstrap = new(0, 0);

    /// <summary>Orders logs by how up to date they are: the later epoch first, then the longer log (Raft, 5.4.1).</summary>
    public int CompareTo(OffsetAndEpoch other)
    {
        int epoch = Epoch.CompareTo(other.Epoch);
        return epoch != 0 ? epoch : Offset.CompareTo(other.Offset);
    }
}
