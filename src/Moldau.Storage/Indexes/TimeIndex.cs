using System.Buffers.Binary;
using Moldau.Protocol;
using Moldau.Storage.Files;

namespace Moldau.Storage.Indexes;

/// <summary>A timestamp and the last offset of the batch that carries it. Timestamp -1: none.</summary>
internal readonly record struct TimestampOffset(long TimestampMs, long Offset);

/// <summary>
/// A segment's <c>.timeindex</c>: int64 timestamp, int32 offset relative to the segment's first. An entry says: up to this offset no
/// timestamp is larger than this. Timestamps rise strictly, offsets do not fall.
/// </summary>
internal sealed class TimeIndex(IFileSystem files, string path, long baseOffset)
{
    public const int EntryBytes = 12;

    /// <summary>The entries.</summary>
    public IndexFile File { get; } = new(files, path, EntryBytes);

    /// <summary>The last entry; timestamp -1 at the segment's first offset if there is none.</summary>
    public TimestampOffset Last
    {
        get
        {
            using IndexFile.Reader reader = File.Read();
            return reader.Count == 0 ? new TimestampOffset(-1, baseOffset) : Entry(reader, reader.Count - 1);
        }
    }

    /// <summary>Whether another entry would exceed <c>segment.index.bytes</c>; one place is kept for the entry that closes a segment.</summary>
    public bool IsFull(int bytesMax) => File.Count >= bytesMax / EntryBytes - 1;

    /// <summary>Adds an entry if it carries a later timestamp than the last.</summary>
    public void MaybeAppend(in TimestampOffset entry, in TimestampOffset last)
    {
        if (entry.TimestampMs <= last.TimestampMs) return;
        Invariant.That(entry.Offset >= last.Offset);
        Span<byte> bytes = stackalloc byte[EntryBytes];
        BinaryPrimitives.WriteInt64BigEndian(bytes, entry.TimestampMs);
        BinaryPrimitives.WriteInt32BigEndian(bytes[8..], checked((int)(entry.Offset - baseOffset)));
        File.Append(bytes);
    }

    /// <summary>The last entry with a timestamp of at most the target; timestamp -1 at the segment's first offset if there is none.</summary>
    public TimestampOffset Lookup(long targetMs)
    {
        using IndexFile.Reader reader = File.Read();
        int slot = LastAtMost(reader, targetMs, byOffset: false);
        return slot < 0 ? new TimestampOffset(-1, baseOffset) : Entry(reader, slot);
    }

    /// <summary>The last entry for an offset below the target, where the file may end in zeros; timestamp -1 if there is none.</summary>
    public TimestampOffset LastBelow(long target)
    {
        using IndexFile.Reader reader = File.Read();
        int slot = LastAtMost(reader, target - 1, byOffset: true, CountBeforeZeros(reader));
        return slot < 0 ? new TimestampOffset(-1, baseOffset) : Entry(reader, slot);
    }

    /// <summary>Drops entries for offsets at or behind the target, and a tail of zeros. Returns the last entry kept.</summary>
    public TimestampOffset TruncateTo(long target)
    {
        int keep;
        TimestampOffset last;
        using (IndexFile.Reader reader = File.Read())
        {
            keep = LastAtMost(reader, target - 1, byOffset: true, CountBeforeZeros(reader)) + 1;
            last = keep == 0 ? new TimestampOffset(-1, baseOffset) : Entry(reader, keep - 1);
        }

        File.Truncate(keep);
        return last;
    }

    /// <summary>Whether first and last entry can be true of a segment that ends before an offset.</summary>
    public bool FitsIn(long endOffset)
    {
        if (!File.IsWhole) return false;
        using IndexFile.Reader reader = File.Read();
        if (reader.Count == 0) return true;
        TimestampOffset first = Entry(reader, 0), last = Entry(reader, reader.Count - 1);
        return first.Offset >= baseOffset && last.Offset >= first.Offset && last.Offset < endOffset && last.TimestampMs >= first.TimestampMs
            && (reader.Count == 1 || last.TimestampMs > first.TimestampMs);
    }

    /// <summary>All entries, for tests and tools.</summary>
    public TimestampOffset[] All()
    {
        using IndexFile.Reader reader = File.Read();
        var all = new TimestampOffset[reader.Count];
        for (int i = 0; i < all.Length; i++) all[i] = Entry(reader, i);
        return all;
    }

    private int CountBeforeZeros(IndexFile.Reader reader)
    {
        int low = 0, high = reader.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (Entry(reader, middle) is { TimestampMs: 0 } entry && entry.Offset == baseOffset) high = middle;
            else low = middle + 1;
        }

        return low;
    }

    private int LastAtMost(IndexFile.Reader reader, long target, bool byOffset, int? count = null)
    {
        int low = 0, high = count ?? reader.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            TimestampOffset entry = Entry(reader, middle);
            if ((byOffset ? entry.Offset : entry.TimestampMs) <= target) low = middle + 1;
            else high = middle;
        }

        return low - 1;
    }

    private TimestampOffset Entry(IndexFile.Reader reader, int index)
    {
        Span<byte> entry = stackalloc byte[EntryBytes];
        reader.Entry(index, entry);
        return new TimestampOffset(BinaryPrimitives.ReadInt64BigEndian(entry), baseOffset + BinaryPrimitives.ReadInt32BigEndian(entry[8..]));
    }
}
