using Moldau.Protocol;

namespace Moldau.Storage.Epochs;

/// <summary>
/// Which leader epochs a log holds and where each begins (KIP-101): followers and fetchers find by it where two logs part. Kept in memory as
/// an immutable array that readers take without a lock; changed under the log's lock. Epochs and start offsets both rise strictly.
/// </summary>
internal sealed class LeaderEpochs(EpochStart[] entries, bool dirty = false)
{
    private volatile EpochStart[] entries = Ordered(entries) ? entries : [];

    /// <summary>All entries, oldest first. Never changed in place.</summary>
    public EpochStart[] Entries => entries;

    /// <summary>Whether the checkpoint file is behind.</summary>
    public bool Dirty { get; private set; } = dirty;

    /// <summary>The newest epoch; none when the log holds no batch of format 2.</summary>
    public LeaderEpoch Latest => entries is { Length: > 0 } all ? all[^1].Epoch : LeaderEpoch.None;

    /// <summary>Notes that an epoch begins at an offset. Older entries that contradict it go.</summary>
    public void Assign(LeaderEpoch epoch, long startOffset)
    {
        if (epoch.Value < 0) return;
        EpochStart[] all = entries;
        if (all.Length > 0 && all[^1].Epoch == epoch && startOffset >= all[^1].StartOffset) return;
        int keep = all.Length;
        while (keep > 0 && (all[keep - 1].Epoch.Value >= epoch.Value || all[keep - 1].StartOffset >= startOffset)) keep--;
        Replace([.. all.AsSpan(0, keep), new EpochStart(epoch, startOffset)]);
    }

    /// <summary>Takes an epoch that a batch in the log was written in, if it is newer than all that are known.</summary>
    public void AssignFromLog(LeaderEpoch epoch, long startOffset)
    {
        if (epoch.Value > Latest.Value) Assign(epoch, startOffset);
    }

    /// <summary>
    /// The last offset + 1 of an epoch, and the epoch that answer is for: the asked one, or the largest below it that the log has.
    /// None when the epoch is newer than all of the log or unknown.
    /// </summary>
    public EpochStart? EndOffset(LeaderEpoch asked, long logEndOffset)
    {
        EpochStart[] all = entries;
        if (asked.Value < 0 || all.Length == 0) return null;
        if (asked == all[^1].Epoch) return new EpochStart(asked, logEndOffset);
        int higher = Array.FindIndex(all, entry => entry.Epoch.Value > asked.Value);
        if (higher < 0) return null;
        return new EpochStart(higher == 0 ? asked : all[higher - 1].Epoch, all[higher].StartOffset);
    }

    /// <summary>The epoch that an offset was written in; none before the first entry.</summary>
    public LeaderEpoch EpochAt(long offset)
    {
        EpochStart[] all = entries;
        int low = 0, high = all.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (all[middle].StartOffset <= offset) low = middle + 1;
            else high = middle;
        }

        return low == 0 ? LeaderEpoch.None : all[low - 1].Epoch;
    }

    /// <summary>Forgets epochs that begin at or after the log's end.</summary>
    public void TruncateFromEnd(long endOffset)
    {
        EpochStart[] all = entries;
        int keep = all.Length;
        while (keep > 0 && all[keep - 1].StartOffset >= endOffset) keep--;
        if (keep < all.Length) Replace(all[..keep]);
    }

    /// <summary>Forgets epochs that end below the log's start; the one that the start lies in begins there now.</summary>
    public void TruncateFromStart(long startOffset)
    {
        EpochStart[] all = entries;
        int drop = 0;
        while (drop < all.Length && all[drop].StartOffset <= startOffset) drop++;
        if (drop == 0 || (drop == 1 && all[0].StartOffset == startOffset)) return;
        Replace([new EpochStart(all[drop - 1].Epoch, startOffset), .. all.AsSpan(drop)]);
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        if (entries.Length > 0) Replace([]);
    }

    /// <summary>Takes what the checkpoint file is to hold; from here on it counts as written.</summary>
    public EpochStart[] TakeDirty()
    {
        Dirty = false;
        return entries;
    }

    private static bool Ordered(EpochStart[] all)
    {
        for (int i = 1; i < all.Length; i++)
        {
            if (all[i].Epoch.Value <= all[i - 1].Epoch.Value || all[i].StartOffset < all[i - 1].StartOffset) return false;
        }

        return true;
    }

    private void Replace(EpochStart[] next)
    {
        Invariant.That(Ordered(next));
        entries = next;
        Dirty = true;
    }
}
