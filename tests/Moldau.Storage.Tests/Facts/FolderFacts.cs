using System.Buffers.Binary;
using System.Text.Json;
using Moldau.Protocol.Batches;

namespace Moldau.Storage.Tests.Facts;

/// <summary>Compares a partition's folder with what is known of it, file by file: sizes, batches, index entries, snapshots, text.</summary>
internal static class FolderFacts
{
    /// <summary>Fails unless every known file is there with the known content. <paramref name="except"/>: names, or endings of names.</summary>
    public static void AssertSame(JsonElement files, string folder, string[] except)
    {
        foreach (JsonProperty file in files.EnumerateObject())
        {
            if (except.Any(ending => file.Name.EndsWith(ending, StringComparison.Ordinal))) continue;
            string path = Path.Join(folder, file.Name);
            Assert.True(File.Exists(path), $"{path} is missing");
            byte[] bytes = File.ReadAllBytes(path);
            Assert.True(file.Value.GetProperty("size").GetInt64() == bytes.Length, $"{path} has {bytes.Length} bytes");
            AssertContent(file.Value, path, bytes);
        }
    }

    private static void AssertContent(JsonElement facts, string path, byte[] bytes)
    {
        string suffix = Path.GetExtension(path);
        // Of files that wait for their removal only the size is known.
        if (suffix == ".deleted") return;
        if (facts.TryGetProperty("text", out JsonElement text)) Assert.True(text.GetString() == File.ReadAllText(path), $"{path} differs");
        else if (suffix == ".log") AssertBatches(facts.GetProperty("batches"), path, bytes);
        else if (suffix == ".index") AssertEntries(facts, path, bytes, 8, static entry => $"[{Int32(entry)},{Int32(entry[4..])}]");
        else if (suffix == ".timeindex") AssertEntries(facts, path, bytes, 12, static entry => $"[{Int64(entry)},{Int32(entry[8..])}]");
        else if (suffix == ".txnindex") AssertEntries(facts, path, bytes, 34, static entry => JsonSerializer.Serialize(new
        {
            version = (int)BinaryPrimitives.ReadInt16BigEndian(entry),
            producerId = Int64(entry[2..]),
            firstOffset = Int64(entry[10..]),
            lastOffset = Int64(entry[18..]),
            lastStableOffset = Int64(entry[26..]),
        }));
        else if (suffix == ".snapshot") AssertSnapshot(facts.GetProperty("entries"), path, bytes);
    }

    private static void AssertBatches(JsonElement batches, string path, byte[] bytes)
    {
        var walk = new RecordBatchEnumerator(bytes);
        foreach (JsonElement batch in batches.EnumerateArray())
        {
            if (!batch.TryGetProperty("crc", out JsonElement crc)) continue;
            Assert.True(walk.MoveNext(), $"{path}: fewer batches");
            Assert.Equal(batch.GetProperty("baseOffset").GetInt64(), walk.Current.BaseOffset.Value);
            Assert.Equal(batch.GetProperty("lastOffset").GetInt64(), walk.Current.LastOffset.Value);
            Assert.Equal(batch.GetProperty("position").GetInt32(), walk.Position);
            Assert.Equal(crc.GetUInt32(), walk.Current.Crc);
            Assert.Equal(crc.GetUInt32(), Crc32C.Compute(walk.CurrentBytes[RecordBatchLayout.Attributes..]));
        }

        Assert.False(walk.MoveNext(), $"{path}: more batches");
    }

    private delegate string Entry(ReadOnlySpan<byte> bytes);

    private static void AssertEntries(JsonElement facts, string path, byte[] bytes, int size, Entry render)
    {
        string[] expected = [.. facts.GetProperty("entries").EnumerateArray().Select(static entry => JsonSerializer.Serialize(entry))];
        string[] found = [.. Enumerable.Range(0, bytes.Length / size).Select(i => render(bytes.AsSpan(i * size, size)))];
        Assert.True(expected.SequenceEqual(found), $"{path}: expected {string.Join(' ', expected)}, found {string.Join(' ', found)}");
    }

    private static void AssertSnapshot(JsonElement snapshot, string path, byte[] bytes)
    {
        JsonElement data = snapshot.GetProperty("data");
        string[] expected = [.. data.GetProperty("producerEntries").EnumerateArray().Select(static entry => JsonSerializer.Serialize(entry))];
        string[] found = [.. Enumerable.Range(0, (bytes.Length - 10) / 46).Select(i => Producer(bytes.AsSpan(10 + i * 46, 46)))];
        Assert.True(expected.SequenceEqual(found), $"{path}:\nexpected {string.Join(' ', expected)}\nfound    {string.Join(' ', found)}");
        Assert.Equal(data.GetProperty("crc").GetUInt32(), BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(2)));
    }

    private static string Producer(ReadOnlySpan<byte> entry) => JsonSerializer.Serialize(new
    {
        producerId = Int64(entry),
        epoch = (int)BinaryPrimitives.ReadInt16BigEndian(entry[8..]),
        lastSequence = Int32(entry[10..]),
        lastOffset = Int64(entry[14..]),
        offsetDelta = Int32(entry[22..]),
        timestamp = Int64(entry[26..]),
        coordinatorEpoch = Int32(entry[34..]),
        currentTxnFirstOffset = Int64(entry[38..]),
    });

    private static int Int32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32BigEndian(bytes);

    private static long Int64(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt64BigEndian(bytes);
}
