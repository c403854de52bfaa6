using System.Text.Json;
using System.Text.Json.Nodes;
using Moldau.Protocol.Compression;
using Moldau.Storage.Epochs;
using Moldau.Storage.Files;
using Moldau.Storage.Indexes;
using Moldau.Storage.Inspection;

namespace Moldau.Storage.Tests.Facts;

/// <summary>Compares what the inspection reads from a file with what is known of it, field by field.</summary>
internal static class InspectedFacts
{
    private static readonly PhysicalFileSystem Files = new();

    /// <summary>Fails unless the file is as its facts say. Returns whether there was anything to compare.</summary>
    public static bool AssertSame(JsonElement facts, string path)
    {
        string name = Path.GetFileName(path);
        Assert.True(File.Exists(path), $"{path} is missing");
        if (facts.TryGetProperty("size", out JsonElement size)) Assert.Equal(size.GetInt64(), new FileInfo(path).Length);
        // Of files that wait for their removal little is told.
        if (facts.TryGetProperty("batches", out JsonElement batches)) AssertBatches(batches, path);
        else if (facts.TryGetProperty("entries", out JsonElement entries)) AssertEntries(entries, path, DataFiles.KindOf(name));
        else if (facts.TryGetProperty("text", out JsonElement text) && DataFiles.LeftoverSuffix(name) is null) Assert.Equal(text.GetString(), File.ReadAllText(path));
        else return false;
        return true;
    }

    private static void AssertBatches(JsonElement batches, string path)
    {
        string folder = Path.GetFileName(Path.GetDirectoryName(path)!);
        RecordDecoder? decoder = RecordDecoder.ForTopic(DataFiles.TopicOf(folder));
        using var reader = new SegmentReader(Files, path, verify: true);
        foreach (JsonElement facts in batches.EnumerateArray())
        {
            if (facts.TryGetProperty("unreadableTailBytes", out JsonElement tail))
            {
                Assert.False(reader.MoveNext(), $"{path}: a batch where none is");
                Assert.Equal((facts.GetProperty("position").GetInt64(), tail.GetInt64()), (reader.Damage!.Position!.Value, reader.TailBytes));
                return;
            }

            Assert.True(reader.MoveNext(), $"{path}: fewer batches, {reader.Damage}");
            AssertBatch(facts, reader, path, decoder);
        }

        Assert.False(reader.MoveNext(), $"{path}: more batches");
        Assert.Null(reader.Damage);
    }

    private static void AssertBatch(JsonElement facts, SegmentReader reader, string path, RecordDecoder? decoder)
    {
        InspectedBatch batch = reader.Current!;
        string where = $"{path}, byte {batch.Position}";
        var found = new JsonObject
        {
            ["baseOffset"] = batch.BaseOffset, ["lastOffset"] = batch.LastOffset, ["size"] = batch.SizeInBytes, ["crc"] = batch.Crc, ["compression"] = batch.Compression.KafkaName(),
            ["timestampType"] = batch.TimestampType.ToString(), ["baseTimestamp"] = batch.BaseTimestampMs, ["maxTimestamp"] = batch.MaxTimestampMs, ["partitionLeaderEpoch"] = batch.LeaderEpoch,
            ["transactional"] = batch.IsTransactional, ["control"] = batch.IsControl, ["producerId"] = batch.ProducerId, ["producerEpoch"] = batch.ProducerEpoch, ["baseSequence"] = batch.BaseSequence,
            ["lastSequence"] = batch.LastSequence, ["count"] = batch.Count, ["position"] = batch.Position, ["valid"] = batch.IsCrcRight, ["attributes"] = batch.Attributes.Value,
            ["deleteHorizonMs"] = batch.DeleteHorizonMs,
        };
        foreach (JsonProperty field in facts.EnumerateObject())
        {
            if (found.ContainsKey(field.Name)) AssertJson(field.Value, found[field.Name], $"{where}: {field.Name}");
        }

        if (!facts.TryGetProperty("records", out JsonElement expected)) return;
        IReadOnlyList<InspectedRecord> records = reader.ReadRecords();
        Assert.Null(reader.Damage);
        if (expected.ValueKind == JsonValueKind.Number)
        {
            Assert.Equal(expected.GetInt32(), records.Count);
            return;
        }

        Assert.Equal(expected.GetArrayLength(), records.Count);
        foreach ((JsonElement of, InspectedRecord record) in expected.EnumerateArray().Zip(records)) AssertRecord(of, record, where, decoder);
    }

    private static void AssertRecord(JsonElement facts, InspectedRecord record, string where, RecordDecoder? decoder)
    {
        where += $", offset {record.Offset}";
        foreach (JsonProperty field in facts.EnumerateObject())
        {
            switch (field.Name)
            {
                case "offset": Assert.Equal(field.Value.GetInt64(), record.Offset); break;
                case "timestamp": Assert.Equal(field.Value.GetInt64(), record.TimestampMs); break;
                case "sequence": Assert.Equal(field.Value.GetInt32(), record.Sequence); break;
                case "key": AssertBytes(field.Value, record.Key, where); break;
                case "value": AssertBytes(field.Value, record.Value, where); break;
                case "headers": AssertHeaders(field.Value, record, where); break;
                case "control": AssertControl(field.Value, RecordDecoder.DecodeControl(record), where); break;
                case "message": AssertMessage(field.Value, decoder?.Decode(record) ?? throw new InvalidOperationException($"{where}: no decoder"), where); break;
            }
        }
    }

    private static void AssertBytes(JsonElement facts, byte[]? bytes, string where)
    {
        // Long ones are told by their length and SHA-256.
        if (facts.ValueKind == JsonValueKind.Object) Assert.Equal(facts.GetProperty("sha256").GetString(), Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes!)));
        else Assert.True(facts.GetString() == (bytes is null ? null : Convert.ToHexStringLower(bytes)), $"{where}: {facts} expected");
    }

    private static void AssertHeaders(JsonElement facts, InspectedRecord record, string where)
    {
        Assert.Equal(facts.GetArrayLength(), record.Headers.Count);
        foreach ((JsonElement header, Moldau.Protocol.Batches.RecordHeader found) in facts.EnumerateArray().Zip(record.Headers))
        {
            Assert.Equal(header[0].GetString(), found.KeyText);
            AssertBytes(header[1], found.Value.ToArray(), where);
        }
    }

    private static void AssertControl(JsonElement facts, JsonObject decoded, string where)
    {
        Assert.Equal(facts.GetProperty("type").GetString()!.Replace("_", "", StringComparison.Ordinal), decoded["type"]!.GetValue<string>(), ignoreCase: true);
        if (facts.TryGetProperty("value", out JsonElement value)) AssertJson(value, decoded["data"], where);
        if (facts.TryGetProperty("coordinatorEpoch", out JsonElement epoch)) AssertJson(epoch, decoded["data"]!["coordinatorEpoch"], where);
    }

    private static void AssertMessage(JsonElement facts, JsonObject decoded, string where)
    {
        if (facts.TryGetProperty("type", out JsonElement type))
        {
            Assert.Equal((type.GetString(), facts.GetProperty("version").GetInt32()), (decoded["type"]!.GetValue<string>(), decoded["version"]!.GetValue<short>()));
            AssertJson(facts.GetProperty("data"), decoded["data"], where);
            return;
        }

        Assert.Equal(facts.GetProperty("key").GetString(), decoded["key"]!["type"]!.GetValue<string>());
        AssertJson(facts.GetProperty("keyData"), decoded["key"]!["data"], where);
        if (!facts.TryGetProperty("valueData", out JsonElement value))
        {
            Assert.Null(decoded["value"]);
            return;
        }

        Assert.Equal((facts.GetProperty("value").GetString(), facts.GetProperty("valueVersion").GetInt32()), (decoded["value"]!["type"]!.GetValue<string>(), decoded["value"]!["version"]!.GetValue<short>()));
        AssertJson(value, decoded["value"]!["data"], where);
    }

    private static void AssertEntries(JsonElement facts, string path, DataFileKind kind)
    {
        switch (kind)
        {
            case DataFileKind.OffsetIndex: AssertIndex(facts, IndexReading.Offsets(Files, path), path, static entry => new JsonArray(entry.RelativeOffset, entry.Position)); break;
            case DataFileKind.TimeIndex: AssertIndex(facts, IndexReading.Times(Files, path), path, static entry => new JsonArray(entry.TimestampMs, entry.RelativeOffset)); break;
            case DataFileKind.TransactionIndex:
                AssertIndex<AbortedTransaction>(facts, IndexReading.Transactions(Files, path), path, static entry => new JsonObject
                {
                    ["version"] = 0, ["producerId"] = entry.ProducerId.Value, ["firstOffset"] = entry.FirstOffset, ["lastOffset"] = entry.LastOffset, ["lastStableOffset"] = entry.LastStableOffset,
                });
                break;
            case DataFileKind.ProducerSnapshot: AssertJson(facts.GetProperty("data"), SmallFiles.Producers(Files, path).ToJson(1), path); break;
            case DataFileKind.QuorumState: AssertJson(facts, SmallFiles.QuorumState(Files, path), path); break;
            default: Assert.Fail($"{path}: facts of a kind that is not known"); break;
        }
    }

    private static void AssertIndex<T>(JsonElement facts, IndexContent<T> found, string path, Func<T, JsonNode> render)
    {
        Assert.Null(found.Damage);
        AssertJson(facts, new JsonArray([.. found.Entries.Select(render)]), path);
    }

    /// <summary>What is known must be there and equal; what is found may say more (a decoded form of opaque bytes, on either side).</summary>
    private static void AssertJson(JsonElement expected, JsonNode? found, string where)
    {
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty field in expected.EnumerateObject())
                {
                    if (IsUnfolded(field.Name)) continue;
                    Assert.True(found is JsonObject fields && fields.ContainsKey(field.Name), $"{where}: no {field.Name} in {found}");
                    AssertJson(field.Value, found![field.Name], $"{where}.{field.Name}");
                }

                break;
            case JsonValueKind.Array:
                Assert.True(found is JsonArray array && array.Count == expected.GetArrayLength(), $"{where}: {expected} expected, found {found?.ToJsonString()}");
                for (int i = 0; i < expected.GetArrayLength(); i++) AssertJson(expected[i], found![i], $"{where}[{i}]");
                break;
            default:
                Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected.GetRawText()), found is null ? null : JsonNode.Parse(found.ToJsonString())), $"{where}: {expected} expected, found {found?.ToJsonString()}");
                break;
        }
    }

    // Opaque bytes that the facts show unfolded beside them.
    private static bool IsUnfolded(string name) => name.EndsWith("Decoded", StringComparison.Ordinal) || name is "subscriptionVersion" or "assignmentVersion";
}
