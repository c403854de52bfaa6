using System.Text.Json;
using System.Text.Json.Nodes;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Compat.Oracle;

/// <summary>Makes a whole request of the few fields that a case names: what it leaves out has the schema's default, and what a version lacks is left out.</summary>
internal static class RequestForm
{
    public static IRequest Complete(ApiKey api, short version, JsonObject given)
    {
        IRequest request = MessageCatalog.CreateRequest(api) ?? throw new InvalidDataException($"no API {api}");
        JsonObject whole = Struct(request.Schema.Fields, given, version, api.ToString());
        using var text = JsonDocument.Parse(whole.ToJsonString());
        request.ReadJson(text.RootElement, version);
        return request;
    }

    private static JsonObject Struct(IReadOnlyList<FieldSchema> fields, JsonObject given, short version, string path)
    {
        foreach ((string name, _) in given)
            if (fields.All(field => field.JsonName != name)) throw new InvalidDataException($"{path} has no field {name}");
        var whole = new JsonObject();
        foreach (FieldSchema field in fields)
        {
            if (!field.Versions.Contains(version)) continue;
            if (given.TryGetPropertyValue(field.JsonName, out JsonNode? value)) whole[field.JsonName] = Value(field, value, version, $"{path}.{field.JsonName}");
            else if (!field.TaggedVersions.Contains(version)) whole[field.JsonName] = Default(field, version, path);
        }

        return whole;
    }

    private static JsonNode? Value(FieldSchema field, JsonNode? given, short version, string path)
    {
        if (given is JsonArray items && field.IsArray && field.Struct is { } element)
            return new JsonArray([.. items.Select(item => (JsonNode?)Struct(element.Fields, (JsonObject)item!, version, path))]);
        if (given is JsonObject single && field.Struct is { } shape) return Struct(shape.Fields, single, version, path);
        return given?.DeepClone();
    }

    private static JsonNode? Default(FieldSchema field, short version, string path)
    {
        if (field.DefaultIsNull && field.NullableVersions.Contains(version)) return null;
        if (field.IsArray) return new JsonArray();
        return field.Kind switch
        {
            FieldKind.Struct => Struct(field.Struct!.Fields, [], version, path),
            FieldKind.String => field.DefaultIsNull ? "" : field.Default ?? "",
            FieldKind.Bytes or FieldKind.Records => "",
            FieldKind.Uuid => Uuid.Zero.ToString(),
            FieldKind.Bool => field.Default == "true",
            _ => Number(field.Default),
        };
    }

    private static JsonNode Number(string? text) =>
        text switch
        {
            null => 0,
            _ when text.StartsWith("0x", StringComparison.Ordinal) => Convert.ToInt64(text, 16),
            _ => JsonNode.Parse(text)!,
        };
}
