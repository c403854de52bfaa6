using System.Text.Json.Nodes;

namespace Moldau.Compat.Oracle;

/// <summary>
/// An answer without what may differ between two healthy nodes: ids that were drawn, ports, Moldau's own configuration keys, the time of the run, throttle times, the words of
/// messages, and the order of lists.
/// </summary>
internal static class AnswerForm
{
    /// <summary>Configuration keys that Apache Kafka does not have.</summary>
    private const string OwnKeys = "moldau.";

    /// <summary>Times from here on are of the run; the cases' own records are older.</summary>
    private const long RunTimeMs = 1_750_000_000_000;

    public static string Of(JsonNode answer, OracleNode node, IReadOnlyList<string> masked) => Value("", answer, node, masked)?.ToJsonString() ?? "null";

    private static JsonNode? Value(string name, JsonNode? node, OracleNode from, IReadOnlyList<string> masked)
    {
        switch (node)
        {
            case JsonObject members:
                return new JsonObject(
                    members.Where(pair => !IsLeftOut(pair.Key, masked))
                        .OrderBy(pair => pair.Key, StringComparer.Ordinal)
                        .Select(pair => KeyValuePair.Create(pair.Key, Value(pair.Key, pair.Value, from, masked))));
            case JsonArray items:
                return new JsonArray([.. Shared(name, items).Select(item => Value(name, item, from, masked)).OrderBy(item => item?.ToJsonString(), StringComparer.Ordinal)]);
            case JsonValue value when value.TryGetValue(out long number):
                return Number(name, number);
            case JsonValue value when value.TryGetValue(out string? text):
                return Text(name, text, from);
            default:
                return node?.DeepClone();
        }
    }

    private static IEnumerable<JsonNode?> Shared(string name, JsonArray items) => name switch
    {
        "responses" => Merged(items),
        "configs" => items.Where(config => (string?)config?["name"] is not { } key || !key.StartsWith(OwnKeys, StringComparison.Ordinal)),
        _ => items,
    };

    // Fetch names a topic anew whenever another stood between its partitions: with the order goes how often.
    private static IEnumerable<JsonNode?> Merged(JsonArray topics) => topics
        .GroupBy(topic => $"{topic!["topic"]}{topic["topicId"]}")
        .SelectMany(IEnumerable<JsonNode?> (same) => same.First()!["partitions"] is JsonArray ? [Whole(same)] : same);

    private static JsonNode Whole(IEnumerable<JsonNode?> parts)
    {
        JsonNode whole = parts.First()!.DeepClone();
        foreach (JsonNode? more in parts.Skip(1))
            foreach (JsonNode? partition in (JsonArray)more!["partitions"]!) ((JsonArray)whole["partitions"]!).Add(partition!.DeepClone());
        return whole;
    }

    private static bool IsLeftOut(string name, IReadOnlyList<string> masked) => name is "throttleTimeMs" or "port" or "documentation" || masked.Contains(name);

    private static JsonNode Number(string name, long number) => name switch
    {
        "producerId" when number >= 0 => "an id",
        "sessionId" when number > 0 => "an id",
        _ when number >= RunTimeMs => "time of the run",
        _ => number,
    };

    private static JsonNode Text(string name, string text, OracleNode node) => name switch
    {
        "clusterId" => "an id",
        "errorMessage" or "batchIndexErrorMessage" => text.Length == 0 ? "" : "text",
        "topicId" => text == "AAAAAAAAAAAAAAAAAAAAAA" ? text : "an id",
        _ => text.Replace(node.Process.Setup.Folder, "FOLDER", StringComparison.Ordinal)
            .Replace($":{node.Process.Setup.Port}", ":PORT", StringComparison.Ordinal)
            .Replace($":{node.Process.Setup.Port + 1}", ":PORT+1", StringComparison.Ordinal),
    };
}
