using System.Text.Json;
using Moldau.Protocol.Compression;

namespace Moldau.Protocol.Batches.Golden;

/// <summary>Compares decoded batches with their golden description, and what the builder makes of the same records with the original.</summary>
internal static class GoldenBatch
{
    /// <summary>What is wrong with a case of <c>batches.jsonl</c>; null when nothing is.</summary>
    public static string? Difference(JsonElement root)
    {
        byte[] bytes = Convert.FromHexString(root.GetProperty("hex").GetString()!);
        return Difference(bytes, root.GetProperty("batches"), sameBytes: true) ?? Rebuilt(bytes);
    }

    /// <summary>What differs between batches and their description. Without <paramref name="sameBytes"/>, size and checksum may.</summary>
    public static string? Difference(byte[] bytes, JsonElement expected, bool sameBytes)
    {
        try
        {
            return Compare(bytes, expected, sameBytes);
        }
        catch (RecordFormatException damage)
        {
            return $"not readable: {damage.Message}";
        }
    }

    private static string? Compare(byte[] bytes, JsonElement expected, bool sameBytes)
    {
        List<ReadOnlyMemory<byte>> batches = GoldenRead.Batches(bytes);
        if (batches.Count != expected.GetArrayLength()) return $"{batches.Count} batches instead of {expected.GetArrayLength()}";
        for (int i = 0; i < batches.Count; i++)
        {
            RecordBatch.EnsureValid(batches[i].Span);
            string? difference = Header(batches[i], expected[i], sameBytes) ?? Records(batches[i], expected[i].GetProperty("records"));
            if (difference is not null) return $"batch {i}: {difference}";
        }

        return null;
    }

    private static string? Rebuilt(byte[] bytes) =>
        GoldenRead.Batches(bytes).Select(Rebuild).FirstOrDefault(difference => difference is not null);

    private static string? Header(ReadOnlyMemory<byte> batch, JsonElement expected, bool sameBytes)
    {
        RecordBatchHeader header = new(batch.Span);
        Comparison compare = new(expected);
        compare.Number("baseOffset", header.IsLegacy ? FirstOffset(batch) : header.BaseOffset.Value);
        compare.Number("lastOffset", header.LastOffset.Value);
        compare.Number("magic", header.Magic);
        compare.Text("compression", header.Compression.KafkaName());
        compare.Text("timestampType", header.TimestampType == TimestampType.None ? "NoTimestampType" : header.TimestampType.ToString());
        compare.Number("maxTimestamp", header.MaxTimestamp);
        if (sameBytes) compare.Number("size", header.SizeInBytes);
        if (sameBytes) compare.Number("crc", header.Crc);
        if (header.IsLegacy) return compare.First;
        compare.Number("partitionLeaderEpoch", header.LeaderEpoch.Value);
        compare.Flag("transactional", header.IsTransactional);
        compare.Flag("control", header.IsControl);
        compare.Number("baseTimestamp", header.BaseTimestamp);
        compare.Number("producerId", header.ProducerId.Value);
        compare.Number("producerEpoch", header.ProducerEpoch);
        compare.Number("baseSequence", header.BaseSequence);
        compare.Number("lastSequence", header.LastSequence);
        compare.Number("count", header.Count!.Value);
        compare.OptionalNumber("deleteHorizonMs", header.DeleteHorizonMs);
        return compare.First;
    }

    private static string? Records(ReadOnlyMemory<byte> batch, JsonElement expected)
    {
        int index = 0;
        foreach (Record record in RecordReader.Open(batch))
        {
            if (index == expected.GetArrayLength()) return $"more than {index} records";
            string? difference = GoldenRecord.Difference(record, expected[index]);
            if (difference is not null) return $"record {index}: {difference}";
            index++;
        }

        return index == expected.GetArrayLength() ? null : $"{index} records instead of {expected.GetArrayLength()}";
    }

    /// <summary>Writes the same records again: the same bytes when nothing leaves a choice, else at least the same records.</summary>
    private static string? Rebuild(ReadOnlyMemory<byte> batch)
    {
        RecordBatchHeader header = new(batch.Span);
        if (header.IsLegacy) return null;
        if (header.Count == 0) return RebuildEmptied(batch.Span);
        using RecordBatchBuilder builder = new(RecordBatchOptions.Of(header));
        foreach (Record record in RecordReader.Open(batch))
            builder.AppendAt(record.Offset, record.TimestampMs, record.Key, record.Value, record.Headers.ToArray());
        ReadOnlyMemory<byte> rebuilt = builder.Build();
        bool exact = header.Compression == CompressionType.None && header.TimestampType == TimestampType.CreateTime;
        if (exact) return rebuilt.Span.SequenceEqual(batch.Span) ? null : "written again, the bytes differ";
        using RecordReader again = RecordReader.Open(rebuilt);
        foreach (Record record in RecordReader.Open(batch))
        {
            if (!again.MoveNext() || !GoldenRecord.Same(record, again.Current)) return $"written again, the record at offset {record.Offset} differs";
        }

        return RecordBatch.IsValid(rebuilt.Span) ? null : "written again, the checksum is wrong";
    }

    private static string? RebuildEmptied(ReadOnlySpan<byte> batch)
    {
        Span<byte> emptied = stackalloc byte[RecordBatchLayout.HeaderBytes];
        RecordBatchWriter.WriteEmptied(emptied, new RecordBatchHeader(batch));
        return batch.Length != emptied.Length || emptied.SequenceEqual(batch) ? null : "emptied again, the bytes differ";
    }

    private static long FirstOffset(ReadOnlyMemory<byte> batch)
    {
        using RecordReader reader = RecordReader.Open(batch);
        return reader.MoveNext() ? reader.Current.Offset.Value : -1;
    }
}
