using System.Buffers.Binary;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Messages;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;

namespace Moldau.Storage.Producers;

/// <summary>
/// A <c>.snapshot</c> file: the producers as they were at the offset in its name. int16 version, then the message <see cref="ProducerSnapshot"/>, which
/// begins with a CRC-32C of what follows it. Of each producer's batches it holds the last.
/// </summary>
internal static class ProducerSnapshotFile
{
    private const short Version = 1;
    private const int CrcAt = 2, EntriesAt = 6;

    /// <summary>The file's content.</summary>
    public static byte[] Encode(ProducerState[] producers)
    {
        var snapshot = new ProducerSnapshot();
        foreach (ProducerState producer in producers) Encode(producer, snapshot.ProducerEntries.Add());
        using var writer = new WireWriter();
        writer.WriteInt16(Version);
        snapshot.Write(writer, Version);
        byte[] bytes = writer.ToArray();
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

        if (bytes.Length < EntriesAt || BinaryPrimitives.ReadInt16BigEndian(bytes) != Version) return null;
        if (BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(CrcAt)) != Crc32C.Compute(bytes.AsSpan(EntriesAt))) return null;
        var snapshot = new ProducerSnapshot();
        try
        {
            var reader = new WireReader(bytes.AsMemory(CrcAt));
            snapshot.Read(ref reader, Version);
        }
        catch (WireFormatException)
        {
            return null;
        }

        var producers = new List<ProducerState>(snapshot.ProducerEntries.Count);
        foreach (ProducerSnapshot.ProducerEntry entry in snapshot.ProducerEntries) producers.Add(Decode(entry));
        return producers;
    }

    private static void Encode(ProducerState producer, ProducerSnapshot.ProducerEntry entry)
    {
        ProducedBatch last = producer.Last ?? new ProducedBatch(-1, -1, 0, -1);
        entry.ProducerId = producer.Id;
        entry.Epoch = producer.Epoch;
        entry.LastSequence = last.LastSequence;
        entry.LastOffset = last.LastOffset;
        entry.OffsetDelta = last.OffsetDelta;
        entry.Timestamp = producer.LastTimestampMs;
        entry.CoordinatorEpoch = producer.CoordinatorEpoch;
        entry.CurrentTxnFirstOffset = producer.TransactionStart;
    }

    private static ProducerState Decode(ProducerSnapshot.ProducerEntry entry)
    {
        var producer = new ProducerState((ProducerId)entry.ProducerId)
        {
            LastTimestampMs = entry.Timestamp,
            CoordinatorEpoch = entry.CoordinatorEpoch,
            TransactionStart = Math.Max(-1, entry.CurrentTxnFirstOffset),
        };
        producer.SetEpoch(entry.Epoch);
        if (entry.LastOffset >= 0) producer.Add(new ProducedBatch(entry.LastSequence, entry.LastOffset, entry.OffsetDelta, entry.Timestamp));
        return producer;
    }
}
