using Moldau.Protocol;

namespace Moldau.Raft;

/// <summary>What the core knows of its replica's log: bounds, epochs and snapshots, never the records. One owner, not thread-safe.</summary>
public sealed class LogState
{
    private readonly SortedSet<OffsetAndEpoch> snapshots = new(Comparer<OffsetAndEpoch>.Create((a, b) =>
        a.Offset != b.Offset ? a.Offset.CompareTo(b.Offset) : a.Epoch.CompareTo(b.Epoch)));

    /// <summary>First offset that is still in the log.</summary>
    public long StartOffset { get; private set; }

    /// <summary>One past the last record.</summary>
    public long EndOffset { get; private set; }

    /// <summary>Everything below it survives a power cut.</summary>
    public long FlushedOffset { get; private set; }

    /// <summary>Counts truncations, so that the report of a flush that began before one is not believed after it.</summary>
    public int Generation { get; private set; }

    /// <summary>Where epochs begin.</summary>
    public EpochHistory Epochs { get; } = new();

    /// <summary>The newest snapshot, or null.</summary>
    public OffsetAndEpoch? LatestSnapshot => snapshots.Count > 0 ? snapshots.Max : null;

    /// <summary>The oldest snapshot, or null.</summary>
    public OffsetAndEpoch? EarliestSnapshot => snapshots.Count > 0 ? snapshots.Min : null;

    /// <summary>The epoch of the last record, the newest snapshot's if the log is empty, else 0.</summary>
    public int LastEpoch => Epochs.Latest ?? LatestSnapshot?.Epoch ?? 0;

    /// <summary>End and last epoch: how up to date the replica is.</summary>
    public OffsetAndEpoch End => new(EndOffset, LastEpoch);

    /// <summary>Sets the bounds that recovery found. What a process that was killed left unflushed is there and not yet durable.</summary>
    public void Restore(long startOffset, long endOffset, long flushedOffset)
    {
        Invariant.That(0 <= startOffset && startOffset <= endOffset && flushedOffset <= endOffset);
        (StartOffset, EndOffset, FlushedOffset) = (startOffset, endOffset, Math.Max(startOffset, flushedOffset));
    }

    /// <summary>Records of one epoch are appended.</summary>
    public void Append(long baseOffset, long lastOffset, int epoch)
    {
        Invariant.That(baseOffset == EndOffset && lastOffset >= baseOffset && epoch >= LastEpoch);
        Epochs.Append(epoch, baseOffset);
        EndOffset = lastOffset + 1;
    }

    /// <summary>Everything below <paramref name="offset"/> is durable.</summary>
    public void Flushed(long offset)
    {
        Invariant.That(offset <= EndOffset);
        FlushedOffset = Math.Max(FlushedOffset, offset);
    }

    /// <summary>Cuts the log.</summary>
    public void TruncateTo(long endOffset)
    {
        Invariant.That(endOffset >= StartOffset);
        if (endOffset >= EndOffset) return;
        EndOffset = endOffset;
        FlushedOffset = Math.Min(FlushedOffset, endOffset);
        Epochs.TruncateTo(endOffset);
        Generation++;
    }

    /// <summary>Empties the log; it goes on after a snapshot that came from the leader.</summary>
    public void StartAfter(OffsetAndEpoch snapshot)
    {
        snapshots.RemoveWhere(id => id.Offset < snapshot.Offset);
        snapshots.Add(snapshot);
        Epochs.Clear();
        (StartOffset, EndOffset, FlushedOffset) = (snapshot.Offset, snapshot.Offset, snapshot.Offset);
        Generation++;
    }

    /// <summary>A snapshot is complete on disk.</summary>
    public void AddSnapshot(OffsetAndEpoch id) => snapshots.Add(id);

    /// <summary>Whether this snapshot is on disk.</summary>
    public bool HasSnapshot(OffsetAndEpoch id) => snapshots.Contains(id);

    /// <summary>The log was deleted below <paramref name="startOffset"/>, the end of a snapshot, and older snapshots with it.</summary>
    public void RaiseStart(long startOffset)
    {
        Invariant.That(startOffset >= StartOffset && startOffset <= EndOffset);
        Invariant.That(snapshots.Any(id => id.Offset == startOffset));
        snapshots.RemoveWhere(id => id.Offset < startOffset);
        StartOffset = startOffset;
        Epochs.TruncateBefore(startOffset);
    }

    /// <summary>The end of the newest epoch that is not above <paramref name="epoch"/>.</summary>
    public OffsetAndEpoch EndOfEpoch(int epoch)
    {
        if (Epochs.EndOf(epoch, EndOffset) is not { } end) return End;
        // Below the oldest epoch of the log: the snapshot before it is what both could agree on.
        return EarliestSnapshot is { } snapshot && end.Offset == snapshot.Offset && end.Epoch == epoch ? snapshot : end;
    }

    /// <summary>Whether a follower's log that ends at this offset and epoch is a prefix of this one, and what to do if not.</summary>
    public FetchCheck Check(long offset, int epoch)
    {
        if (StartOffset == 0 && offset == 0 && epoch == 0) return FetchCheck.Valid;
        if (EarliestSnapshot is { } earliest
            && (offset < StartOffset || (offset == StartOffset && epoch != earliest.Epoch) || epoch < earliest.Epoch))
        {
            return FetchCheck.NeedsSnapshot(LatestSnapshot!.Value);
        }

        OffsetAndEpoch end = EndOfEpoch(epoch);
        return end.Epoch != epoch || end.Offset < offset ? FetchCheck.DivergesAfter(end) : FetchCheck.Valid;
    }
}

/// <summary>What a leader finds about a follower's log.</summary>
/// <param name="Diverging">Set: the logs disagree at the latest after this point.</param>
/// <param name="Snapshot">Set: the follower needs this snapshot first.</param>
public readonly record struct FetchCheck(OffsetAndEpoch? Diverging, OffsetAndEpoch? Snapshot)
{
    /// <summary>The follower's log is a prefix.</summary>
    public static readonly FetchCheck Valid;

    /// <summary>Whether it is a prefix.</summary>
    public bool IsValid => Diverging is null && Snapshot is null;

    internal static FetchCheck DivergesAfter(OffsetAndEpoch end) => new(end, null);

    internal static FetchCheck NeedsSnapshot(OffsetAndEpoch id) => new(null, id);
}
