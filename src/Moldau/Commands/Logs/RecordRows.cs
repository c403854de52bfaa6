using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using Moldau.Output;
using Moldau.Protocol.Batches;
using Moldau.Storage.Inspection;

namespace Moldau.Commands.Logs;

/// <summary>Records as rows: text as text, other bytes as such, and what Kafka's own records say.</summary>
internal static class RecordRows
{
    private const int ShownMax = 160;
    private static readonly JsonSerializerOptions Letters = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly Column[] Plain = [new("Offset", "offset", true), new("Timestamp", "timestamp"), new("Key", "key"), new("Value", "value"), new("Headers", "headers")];
    private static readonly Column[] Decoded = [new("Offset", "offset", true), new("Timestamp", "timestamp"), new("Record", "decoded")];

    public static DumpRow Of(InspectedRecord record, JsonObject? decoded)
    {
        var json = new JsonObject { ["offset"] = record.Offset, ["timestamp"] = record.TimestampMs, ["sequence"] = record.Sequence, ["size"] = record.SizeInBytes };
        if (decoded is null || record.Headers.Count > 0)
        {
            Add(json, "key", record.Key);
            Add(json, "value", record.Value);
            json["headers"] = Headers(record.Headers);
        }

        if (decoded is null)
        {
            return new DumpRow("record", json, Plain,
                [record.Offset, DumpRows.Time(record.TimestampMs), Shown(record.Key), Shown(record.Value), record.Headers.Count == 0 ? null : string.Join(", ", record.Headers.Select(static header => $"{header.KeyText}={Shown(header.Value.ToArray())}"))]);
        }

        json["decoded"] = decoded;
        return new DumpRow("record", json, Decoded, [record.Offset, DumpRows.Time(record.TimestampMs), Text(decoded)]);
    }

    private static string Text(JsonObject decoded)
    {
        if (decoded["key"] is not JsonObject key) return $"{decoded["type"]} {Compact(decoded["data"])}";
        string value = decoded["value"] is JsonObject written ? Compact(written["data"]) : "deleted";
        return $"{key["type"]} {Compact(key["data"])} = {value}";
    }

    private static string Compact(JsonNode? node) => node?.ToJsonString(Letters) ?? "null";

    private static string? Shown(byte[]? bytes)
    {
        if (bytes is null) return null;
        string text = IsText(bytes) ? Encoding.UTF8.GetString(bytes) : "0x" + Convert.ToHexStringLower(bytes);
        return text.Length <= ShownMax ? text : $"{text[..ShownMax]}... ({bytes.Length} bytes)";
    }

    private static bool IsText(byte[] bytes) => Utf8.IsValid(bytes) && !bytes.AsSpan().ContainsAnyInRange((byte)0, (byte)8);

    // As consume writes them: what is not UTF-8 stands under another name.
    private static void Add(JsonObject json, string name, byte[]? bytes)
    {
        if (bytes is not null && !Utf8.IsValid(bytes)) json[name + "Base64"] = Convert.ToBase64String(bytes);
        else json[name] = bytes is null ? null : Encoding.UTF8.GetString(bytes);
    }

    private static JsonArray Headers(IReadOnlyList<RecordHeader> headers)
    {
        var array = new JsonArray();
        foreach (RecordHeader header in headers)
        {
            var json = new JsonObject { ["key"] = header.KeyText };
            Add(json, "value", header.Value.ToArray());
            array.Add((JsonNode)json);
        }

        return array;
    }
}
