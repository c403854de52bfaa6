using Moldau.Protocol;

namespace Moldau.Raft;

/// <summary>Where each epoch of a log begins: what a leader needs to tell a follower how far their logs agree. One owner, not thread-safe.</summary>
public sealed class EpochHistory
{
    private readonly List<(int Epoch, long StartOffset)> entries = [];

    /// <summary>The newest epoch, or null when there is no record.</summary>
    public int? Latest => entries.Count > 0 ? entries[^1].Epoch : null;

    /// <summary>The epochs with their first offsets, oldest first.</summary>
    public IReadOnlyList<(int Epoch, long StartOffset)> Entries => entries;

    /// <summary>Notes that records of <paramref name="epoch"/> begin at <paramref name="startOffset"/>, unless they began before.</summary>
    public void Append(int epoch, long startOffset)
    {
        if (Latest == epoch) return;
        Invariant.That(entries.Count == 0 || (epoch > entries[^1].Epoch && startOffset >= entries[^1].StartOffset));
        entries.Add((epoch, startOffset));
    }

    /// <summary>
    /// The end of the newest epoch that is not above <paramref name="epoch"/>. For an epoch before the first one, the first one's start
    /// under the asked epoch; null for one that is newer than all, unless it is the newest.
    /// </summary>
    public OffsetAndEpoch? EndOf(int epoch, long logEndOffset)
    {
        if (entries.Count == 0) return null;
        if (Latest == epoch) return new OffsetAndEpoch(logEndOffset, epoch);
        int above = entries.FindIndex(entry => entry.Epoch > epoch);
        if (above < 0) return null;
        return new OffsetAndEpoch(entries[above].StartOffset, above == 0 ? epoch : entries[above - 1].Epoch);
    }

    /// <summary>The epoch of the record at <paramref name="offset"/>, or null below the first entry.</summary>
    public int? EpochOf(long offset)
    {
        for (int i = entries.Count - 1; i >= 0; i--)
            if (entries[i].StartOffset <= offset) return entries[i].Epoch;
        return null;
    }

    /// <summary>Forgets epochs that begin at <paramref name="endOffset"/> or above.</summary>
    public void TruncateTo(long endOffset) => entries.RemoveAll(entry => entry.StartOffset >= endOffset);

    /// <summary>Forgets epochs that end at or below <paramref name="startOffset"/>; the epoch that spans it begins there now.</summary>
    public void TruncateBefore(long startOffset)
    {
        while (entries.Count > 1 && entries[1].StartOffset <= startOffset) entries.RemoveAt(0);
        if (entries.Count > 0 && entries[0].StartOffset < startOffset) entries[0] = (entries[0].Epoch, startOffset);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear() => entries.Clear();
}
