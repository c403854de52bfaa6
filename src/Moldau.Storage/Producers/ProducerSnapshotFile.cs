using System.Buffers.Binary;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;

namespace Moldau.Storage.Producers;

/// <summary>
/// A <c>.snapshot</c> file: the producers as they were at the offset in its name. int16 version 1, CRC-32C of what follows it, int32 count,
/// entries of 46 bytes. Of each producer's batches it holds the last, so that after a restart only that one is known as a duplicate.
/// </summary>
internal static class ProducerSnapshotFile
{
    private const short Version = 1;
    private const int CrcAt = 2, EntriesAt = 6, HeaderBytes = 10, EntryBytes = 46;

    /// <summary>The file's content.</summary>
    public static byte[] Encode(ProducerState[] producers)
    {
        byte[] bytes = new byte[HeaderBytes + producers.Length * EntryBytes];
        BinaryPrimitives.WriteInt16BigEndian(bytes, Version);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(EntriesAt), producers.Length);
        for (int i = 0; i < producers.Length; i++) Encode(producers[i], bytes.AsSpan(HeaderBytes + i * EntryBytes, EntryBytes));
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(CrcAt), Crc32C.Compute(bytes.AsSpan(EntriesAt)));
        return bytes;
    }

    /// <summary>Writes a snapshot; the log's next flush makes it durable.</summary>
    public static void Write(IFileSystem files, string path, byte[] content)
    {
        using IFile file = files.Open(path, FileOpen.CreateEmpty);
        file.Write(0, content);
    }

    /// <summary>The producers of a snapshot; null when the file is damaged (a crash while it was written).</summary>
    public static List<ProducerState>? Read(IFileSystem files, string path)
    {
        byte[] bytes;
        using (IFile file = files.Open(path, FileOpen.Read))
        {
            if (file.Length > Limits.SnapshotBytesMax) return null;
            bytes = AtomicFile.ReadAll(file, path, Limits.SnapshotBytesMax);
        }

        if (bytes.Length < HeaderBytes || BinaryPrimitives.ReadInt16BigEndian(bytes) != Version) return null;
        if (BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(CrcAt)) != Crc32C.Compute(bytes.AsSpan(EntriesAt))) return null;
        int count = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(EntriesAt));
        if (count < 0 || (long)count * EntryBytes != bytes.Length - HeaderBytes) return null;
        var producers = new List<ProducerState>(count);
        for (int i = 0; i < count; i++) producers.Add(Decode(bytes.AsSpan(HeaderBytes + i * EntryBytes, EntryBytes)));
        return producers;
    }

    private static void Encode(ProducerState producer, Span<byte> entry)
    {
        ProducedBatch last = producer.Last ?? new ProducedBatch(-1, -1, 0, -1);
        BinaryPrimitives.WriteInt64BigEndian(entry, producer.Id);
        BinaryPrimitives.WriteInt16BigEndian(entry[8..], producer.Epoch);
        BinaryPrimitives.WriteInt32BigEndian(entry[10..], last.LastSequence);
        BinaryPrimitives.WriteInt64BigEndian(entry[14..], last.LastOffset);
        BinaryPrimitives.WriteInt32BigEndian(entry[22..], last.OffsetDelta);
        BinaryPrimitives.WriteInt64BigEndian(entry[26..], producer.LastTimestampMs);
        BinaryPrimitives.WriteInt32BigEndian(entry[34..], producer.CoordinatorEpoch);
        BinaryPrimitives.WriteInt64BigEndian(entry[38..], producer.TransactionStart);
    }

    private static ProducerState Decode(ReadOnlySpan<byte> entry)
    {
        var producer = new ProducerState((ProducerId)BinaryPrimitives.ReadInt64BigEndian(entry))
        {
            LastTimestampMs = BinaryPrimitives.ReadInt64BigEndian(entry[26..]),
            CoordinatorEpoch = BinaryPrimitives.ReadInt32BigEndian(entry[34..]),
            TransactionStart = Math.Max(-1, BinaryPrimitives.ReadInt64BigEndian(entry[38..])),
        };
        producer.SetEpoch(BinaryPrimitives.ReadInt16BigEndian(entry[8..]));
        long lastOffset = BinaryPrimitives.ReadInt64BigEndian(entry[14..]);
        if (lastOffset >= 0)
        {
            producer.Add(new ProducedBatch(
                BinaryPrimitives.ReadInt32BigEndian(entry[10..]), lastOffset, BinaryPrimitives.ReadInt32BigEndian(entry[22..]), producer.LastTimestampMs));
        }

        return producer;
    }
}
