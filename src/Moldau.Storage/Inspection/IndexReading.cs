using System.Buffers.Binary;
using Moldau.Storage.Files;
using Moldau.Storage.Indexes;

namespace Moldau.Storage.Inspection;

/// <summary>An entry of an offset index.</summary>
/// <param name="RelativeOffset">The last offset of a batch, from the segment's first.</param>
/// <param name="Position">Where the batch begins.</param>
public readonly record struct OffsetIndexEntry(int RelativeOffset, int Position);

/// <summary>An entry of a time index: up to the offset no timestamp is larger.</summary>
/// <param name="TimestampMs">The timestamp.</param>
/// <param name="RelativeOffset">The last offset of the batch that has it, from the segment's first.</param>
public readonly record struct TimeIndexEntry(long TimestampMs, int RelativeOffset);

/// <summary>What an index file holds.</summary>
/// <param name="Entries">The entries, without the zeros that may follow.</param>
/// <param name="PreallocatedBytes">Zeros behind them: Kafka makes the index of the segment that it appends to at full length.</param>
/// <param name="Damage">What is wrong with the file as such; entries are compared with the log elsewhere.</param>
public sealed record IndexContent<T>(IReadOnlyList<T> Entries, long PreallocatedBytes, FileDamage? Damage);

/// <summary>Reads index files whole.</summary>
public static class IndexReading
{
    /// <summary>Reads an <c>.index</c>.</summary>
    public static IndexContent<OffsetIndexEntry> Offsets(IFileSystem files, string path) => Read(
        files, path, OffsetIndex.EntryBytes,
        static entry => new OffsetIndexEntry(BinaryPrimitives.ReadInt32BigEndian(entry), BinaryPrimitives.ReadInt32BigEndian(entry[4..])),
        static (in OffsetIndexEntry entry, in OffsetIndexEntry before) => entry.RelativeOffset >= 0 && entry.Position >= 0 && entry.RelativeOffset > before.RelativeOffset && entry.Position > before.Position);

    /// <summary>Reads a <c>.timeindex</c>.</summary>
    public static IndexContent<TimeIndexEntry> Times(IFileSystem files, string path) => Read(
        files, path, TimeIndex.EntryBytes,
        static entry => new TimeIndexEntry(BinaryPrimitives.ReadInt64BigEndian(entry), BinaryPrimitives.ReadInt32BigEndian(entry[8..])),
        static (in TimeIndexEntry entry, in TimeIndexEntry before) => entry.TimestampMs > before.TimestampMs && entry.RelativeOffset >= before.RelativeOffset);

    /// <summary>Reads a <c>.txnindex</c>.</summary>
    public static IndexContent<AbortedTransaction> Transactions(IFileSystem files, string path) => Read(
        files, path, TransactionIndex.EntryBytes,
        static entry => new AbortedTransaction(
            (Protocol.ProducerId)BinaryPrimitives.ReadInt64BigEndian(entry[2..]), BinaryPrimitives.ReadInt64BigEndian(entry[10..]),
            BinaryPrimitives.ReadInt64BigEndian(entry[18..]), BinaryPrimitives.ReadInt64BigEndian(entry[26..])),
        static (in AbortedTransaction entry, in AbortedTransaction before) => entry.LastOffset > before.LastOffset && entry.FirstOffset < entry.LastOffset);

    private delegate T Decode<T>(ReadOnlySpan<byte> entry);

    private delegate bool Follows<T>(in T entry, in T before);

    private static IndexContent<T> Read<T>(IFileSystem files, string path, int entryBytes, Decode<T> decode, Follows<T> follows)
        where T : struct
    {
        byte[] bytes;
        using (IFile file = files.Open(path, FileOpen.Read)) bytes = Checkpoints.AtomicFile.ReadAll(file, path, int.MaxValue - 64);
        int used = bytes.AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        int count = Math.Min((used + entryBytes - 1) / entryBytes, bytes.Length / entryBytes);
        FileDamage? damage = bytes.Length % entryBytes == 0 ? null : new FileDamage(path, bytes.Length - bytes.Length % entryBytes, $"{bytes.Length} bytes, not a multiple of the {entryBytes} of an entry");
        var entries = new List<T>(count);
        for (int i = 0; i < count; i++)
        {
            T entry = decode(bytes.AsSpan(i * entryBytes, entryBytes));
            if (i > 0 && !follows(entry, entries[i - 1])) damage ??= new FileDamage(path, (long)i * entryBytes, $"entry {i} does not follow the one before");
            entries.Add(entry);
        }

        return new IndexContent<T>(entries, bytes.Length - (long)count * entryBytes, damage);
    }
}
