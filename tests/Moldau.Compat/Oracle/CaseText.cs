using System.Text;
using System.Text.Json.Nodes;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Compression;

namespace Moldau.Compat.Oracle;

/// <summary>
/// What stands for something else in a case: <c>{v}</c> in a text is the version, <c>"$name"</c> what was kept of an earlier answer of the
/// same node, <c>{"$records": n, …}</c> a batch of n records and <c>{"$hex": …}</c> bytes.
/// </summary>
internal static class CaseText
{
    /// <summary>2023: far from the clock, so that a stored time is told from the time of the run.</summary>
    private const long FirstTimestampMs = 1_700_000_000_000;

    public static JsonNode? Fill(JsonNode? node, short version, IReadOnlyDictionary<string, JsonNode?> kept) => node switch
    {
        JsonObject batch when batch.ContainsKey("$records") => Convert.ToBase64String(Batch(batch)),
        JsonObject bytes when bytes.ContainsKey("$hex") => Convert.ToBase64String(Convert.FromHexString((string)bytes["$hex"]!)),
        JsonObject members => new JsonObject(members.Select(pair => KeyValuePair.Create(pair.Key, Fill(pair.Value, version, kept)))),
        JsonArray items => new JsonArray([.. items.Select(item => Fill(item, version, kept))]),
        JsonValue value when value.TryGetValue(out string? text) => Text(text, version, kept),
        _ => node?.DeepClone(),
    };

    private static JsonNode? Text(string text, short version, IReadOnlyDictionary<string, JsonNode?> kept)
    {
        if (text.StartsWith('$')) return kept[text[1..]]?.DeepClone();
        if (text.StartsWith("long:", StringComparison.Ordinal)) return new string('x', int.Parse(text[5..], System.Globalization.CultureInfo.InvariantCulture));
        return text.Replace("{v}", version.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    private static byte[] Batch(JsonObject batch)
    {
        if (!CompressionTypes.TryParse((string?)batch["codec"] ?? "none", out CompressionType? codec)) throw new InvalidDataException(batch.ToJsonString());
        using var builder = new RecordBatchBuilder(new RecordBatchOptions
        {
            Compression = codec ?? CompressionType.None,
            ProducerId = new((long?)batch["producerId"] ?? -1),
            ProducerEpoch = (short?)batch["epoch"] ?? -1,
            BaseSequence = (int?)batch["sequence"] ?? -1,
            IsTransactional = (bool?)batch["transactional"] ?? false,
            IsControl = (bool?)batch["control"] ?? false,
        });
        long time = (long?)batch["time"] ?? FirstTimestampMs;
        byte[] value = Encoding.UTF8.GetBytes(new string('v', (int?)batch["valueBytes"] ?? 3));
        byte[]? key = (bool?)batch["keys"] == false ? null : "key"u8.ToArray();
        for (int i = 0; i < (int)batch["$records"]!; i++) builder.Append(time + (i * 1000), key, value);
        return builder.BuildArray();
    }
}
