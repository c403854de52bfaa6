using System.Buffers.Binary;
using Moldau.Protocol;
using Moldau.Storage.Files;

namespace Moldau.Storage.Indexes;

/// <summary>An entry of the offset index: a batch's last offset and where the batch begins.</summary>
internal readonly record struct OffsetPosition(long Offset, int Position);

/// <summary>
/// A segment's <c>.index</c>: int32 offset relative to the segment's first, int32 position; both rise. An entry names the last offset of
/// the batch that begins at the position.
/// </summary>
internal sealed class OffsetIndex(IFileSystem files, string path, long baseOffset)
{
    public const int EntryBytes = 8;

    /// <summary>The entries.</summary>
    public IndexFile File { get; } = new(files, path, EntryBytes);

    /// <summary>The last entry, or the segment's beginning.</summary>
    public OffsetPosition Last
    {
        get
        {
            using IndexFile.Reader reader = File.Read();
            return reader.Count == 0 ? new OffsetPosition(baseOffset, 0) : Entry(reader, reader.Count - 1);
        }
    }

    /// <summary>Whether another entry would exceed <c>segment.index.bytes</c>.</summary>
    public bool IsFull(int bytesMax) => File.Count >= bytesMax / EntryBytes;

    /// <summary>
    /// Whether the file ends in more zeros than we ever write at a time: Kafka makes the index of the segment it appends to at full length, and a crash leaves
    /// it so.
    /// </summary>
    public bool HasPreallocatedTail
    {
        get
        {
            using IndexFile.Reader reader = File.Read();
            return reader.Count - CountBeforeZeros(reader) > Limits.PendingIndexEntriesMax;
        }
    }

    /// <summary>Adds an entry.</summary>
    public void Append(long offset, int position)
    {
        Span<byte> entry = stackalloc byte[EntryBytes];
        BinaryPrimitives.WriteInt32BigEndian(entry, checked((int)(offset - baseOffset)));
        BinaryPrimitives.WriteInt32BigEndian(entry[4..], position);
        File.Append(entry);
    }

    /// <summary>The last entry whose offset is at most the target; the segment's beginning if there is none.</summary>
    public OffsetPosition Lookup(long target)
    {
        using IndexFile.Reader reader = File.Read();
        int slot = LastAtMost(reader, target, static (in OffsetPosition entry) => entry.Offset);
        return slot < 0 ? new OffsetPosition(baseOffset, 0) : Entry(reader, slot);
    }

    /// <summary>The first entry at or behind a position; null if there is none.</summary>
    public OffsetPosition? AtOrBehind(long position)
    {
        using IndexFile.Reader reader = File.Read();
        int slot = LastAtMost(reader, position - 1, static (in OffsetPosition entry) => entry.Position) + 1;
        return slot >= reader.Count ? null : Entry(reader, slot);
    }

    /// <summary>Drops entries for offsets at or behind the target.</summary>
    public void TruncateTo(long target)
    {
        int keep;
        using (IndexFile.Reader reader = File.Read()) keep = LastAtMost(reader, target - 1, static (in OffsetPosition entry) => entry.Offset) + 1;
        File.Truncate(keep);
    }

    /// <summary>
    /// Drops entries behind a position, and a tail of zeros (a file that Kafka preallocated and could not trim). Returns the last entry kept.
    /// </summary>
    public OffsetPosition TruncateBehind(int position)
    {
        int keep;
        OffsetPosition last;
        using (IndexFile.Reader reader = File.Read())
        {
            int count = CountBeforeZeros(reader);
            keep = LastAtMost(reader, position, static (in OffsetPosition entry) => entry.Position, count) + 1;
            last = keep == 0 ? new OffsetPosition(baseOffset, 0) : Entry(reader, keep - 1);
        }

        File.Truncate(keep);
        return last;
    }

    /// <summary>The last entry at or below an offset, where the file may end in zeros.</summary>
    public OffsetPosition LookupBeforeZeros(long target)
    {
        using IndexFile.Reader reader = File.Read();
        int slot = LastAtMost(reader, target, static (in OffsetPosition entry) => entry.Offset, CountBeforeZeros(reader));
        return slot < 0 ? new OffsetPosition(baseOffset, 0) : Entry(reader, slot);
    }

    /// <summary>Whether first and last entry can be true of a segment of this size.</summary>
    public bool FitsIn(int segmentBytes)
    {
        if (!File.IsWhole) return false;
        using IndexFile.Reader reader = File.Read();
        if (reader.Count == 0) return true;
        OffsetPosition first = Entry(reader, 0), last = Entry(reader, reader.Count - 1);
        return first.Offset >= baseOffset && last.Offset >= first.Offset && first.Position >= 0 && last.Position >= first.Position
            && last.Position < segmentBytes && (reader.Count == 1 || (last.Position > 0 && last.Offset > first.Offset));
    }

    /// <summary>All entries, for tests and tools.</summary>
    public OffsetPosition[] All()
    {
        using IndexFile.Reader reader = File.Read();
        var all = new OffsetPosition[reader.Count];
        for (int i = 0; i < all.Length; i++) all[i] = Entry(reader, i);
        return all;
    }

    private delegate long Key(in OffsetPosition entry);

    // Entries after the first have a position above zero, so zeros at the end are no entries.
    private int CountBeforeZeros(IndexFile.Reader reader)
    {
        int low = 1, high = reader.Count;
        if (high <= 1) return high;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (Entry(reader, middle).Position == 0) high = middle;
            else low = middle + 1;
        }

        // A first entry of zeros is one only if the file holds no others: no batch that starts the file is indexed.
        return low == 1 && Entry(reader, 0).Position == 0 ? 0 : low;
    }

    private int LastAtMost(IndexFile.Reader reader, long target, Key key, int? count = null)
    {
        int low = 0, high = count ?? reader.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (key(Entry(reader, middle)) <= target) low = middle + 1;
            else high = middle;
        }

        return low - 1;
    }

    private OffsetPosition Entry(IndexFile.Reader reader, int index)
    {
        Span<byte> entry = stackalloc byte[EntryBytes];
        reader.Entry(index, entry);
        return new OffsetPosition(baseOffset + BinaryPrimitives.ReadInt32BigEndian(entry), BinaryPrimitives.ReadInt32BigEndian(entry[4..]));
    }
}
