namespace Moldau.Simulated.Disk;

/// <summary>
/// A file's content twice: as processes see it (page cache) and as a power cut leaves it (platter), with the changes between the two.
/// A sector on the platter always holds what the cache held in it at some moment since the last flush, as on a real machine: a later
/// write to a sector never survives without an earlier one to the same sector.
/// </summary>
internal sealed class FileNode : DiskNode
{
    private PagedBytes cache = new();
    private PagedBytes platter = new();
    private PagedBytes baseline = new(); // the cache when pending was last emptied
    private List<Change> pending = [];

    public long Length => cache.Length;

    public long AllocatedBytes => cache.AllocatedBytes;

    public long MissingBytes(long position, int count) => cache.MissingBytes(position, count);

    public int Read(long position, Span<byte> target) => cache.Read(position, target);

    public void Write(long position, ReadOnlySpan<byte> source)
    {
        if (source.IsEmpty) return;
        pending.Add(new Change(position, source.ToArray()));
        cache.Write(position, source);
    }

    public void SetLength(long length)
    {
        pending.Add(new Change(length, null));
        cache.SetLength(length);
    }

    /// <summary>Everything changed since the last flush reaches the platter; pages a failed flush left behind do not, unless changed again.</summary>
    public void Flush()
    {
        foreach (Change change in pending)
        {
            if (change.Data is null)
            {
                platter.SetLength(change.Position);
                continue;
            }

            long last = (change.End - 1) / PagedBytes.PageBytes;
            for (long page = change.Position / PagedBytes.PageBytes; page <= last; page++) platter.SharePage(cache, page);
        }

        platter.SetLength(cache.Length);
        Settle();
    }

    /// <summary>Some of it reached the platter; the rest never will, though the cache shows it and counts as clean (as Linux does).</summary>
    public void FailFlush(SeededRandom random)
    {
        Persist(random);
        Settle();
    }

    /// <summary>The power is gone: what had reached the platter, in whole or in part, is what there is.</summary>
    public void PowerCut(SeededRandom random)
    {
        Persist(random);
        cache = platter.Share();
        Settle();
    }

    public FileNode Clone() => new()
    {
        cache = cache.Share(),
        platter = platter.Share(),
        baseline = baseline.Share(),
        pending = [.. pending],
        Modified = Modified,
    };

    private void Settle()
    {
        pending.Clear();
        baseline = cache.Share();
    }

    private void Persist(SeededRandom random)
    {
        int unit = random.Chance(500) ? 512 : PagedBytes.PageBytes;
        SurvivalMood mood = new(random, pending.Count);
        PagedBytes running = baseline.Share();
        for (int i = 0; i < pending.Count; i++)
        {
            Change change = pending[i];
            Survival fate = mood.Of(i);
            if (change.Data is null)
            {
                running.SetLength(change.Position);
                if (fate == Survival.Whole) platter.SetLength(change.Position);
                continue;
            }

            running.Write(change.Position, change.Data);
            if (fate == Survival.None) continue;
            for (long at = change.Position / unit * unit; at < change.End; at += unit)
            {
                if (fate == Survival.Whole || random.Chance(500)) platter.CopyRange(running, at, unit);
            }

            // The new length is in the inode, not in the data: torn data may be there without it, or it without the data.
            if (change.End > platter.Length && (fate == Survival.Whole || random.Chance(500))) platter.ExtendTo(change.End);
        }

        platter.SetLength(platter.Length); // nothing lingers beyond the end
    }

    /// <summary>A write, or without data a new length.</summary>
    private readonly record struct Change(long Position, byte[]? Data)
    {
        public long End => Position + (Data?.Length ?? 0);
    }
}
