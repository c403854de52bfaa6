using System.Text.Json.Nodes;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Compat.Oracle;

/// <summary>
/// One request of a table and what to do with its answer. The lines of a table are sent in order, once at each version of the table; a line with
/// <c>version</c> is sent at that one, a line with <c>versions</c> only while the table is at one of these.
/// </summary>
internal sealed class OracleCase(JsonObject line, ApiKey tableApi)
{
    /// <summary>What the request is about, for the message of a failure.</summary>
    public string About { get; } = (string?)line["about"] ?? throw new InvalidDataException($"no 'about': {line.ToJsonString()}");

    public ApiKey Api { get; } = line["api"] is { } api ? Enum.Parse<ApiKey>((string)api!) : tableApi;

    /// <summary>Fields that differ from the schema's defaults.</summary>
    public JsonObject Body { get; } = (JsonObject?)line["body"] ?? [];

    /// <summary>Bytes that stand in the place of the body, in hexadecimal.</summary>
    public string? RawBody { get; } = (string?)line["raw"];

    /// <summary>The API key as a number, for one that does not exist.</summary>
    public short? RawApi { get; } = (short?)line["rawApi"];

    public short? FixedVersion { get; } = (short?)line["version"];

    /// <summary>No answer is expected: what is compared is whether the connection lives on.</summary>
    public bool IsOneWay { get; } = (bool?)line["oneWay"] ?? false;

    /// <summary>Asked again for a while until the answers agree: brokers learn of changes after the controller answered.</summary>
    public bool Settles { get; } = (bool?)line["settle"] ?? false;

    /// <summary>What it settles at is that the topic is unknown.</summary>
    public bool SettlesAtUnknown { get; } = (bool?)line["unknown"] ?? false;

    /// <summary>Fields of the answer that are not compared.</summary>
    public IReadOnlyList<string> Masked { get; } = [.. ((JsonArray?)line["mask"] ?? []).Select(name => (string)name!)];

    /// <summary>Name → path in the answer of what later lines put in by <c>"$name"</c>.</summary>
    public IReadOnlyDictionary<string, string> Kept { get; } = ((JsonObject?)line["keep"] ?? []).ToDictionary(pair => pair.Key, pair => (string)pair.Value!);

    /// <summary>Why Moldau answers otherwise; the answers then must differ. Null: they must agree.</summary>
    public string? Ours { get; } = (string?)line["ours"];

    /// <summary>The answer of Moldau to what Apache Kafka gives no answer at all; Kafka is not asked, since waiting for nothing proves nothing.</summary>
    public JsonNode? OursAlone { get; } = line["oursAlone"];

    public bool IsAt(short version) =>
        line["versions"] is not { } range || (VersionRange.TryParse((string)range!, out VersionRange versions) && versions.Contains(version));
}

/// <summary>A file of cases: its first line names the API and the versions.</summary>
internal sealed record OracleTable(ApiKey Api, VersionRange Versions, IReadOnlyList<OracleCase> Cases)
{
    public static OracleTable Read(string name)
    {
        JsonObject[] lines =
        [
            .. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Oracle", "cases", name + ".jsonl"))
                .Where(line => line.Length > 0 && line[0] != '#').Select(line => (JsonObject)JsonNode.Parse(line)!),
        ];
        ApiKey api = Enum.Parse<ApiKey>((string)lines[0]["api"]!);
        if (!VersionRange.TryParse((string)lines[0]["versions"]!, out VersionRange versions)) throw new InvalidDataException($"{name}: versions");
        return new OracleTable(api, versions, [.. lines.Skip(1).Select(line => new OracleCase(line, api))]);
    }
}
