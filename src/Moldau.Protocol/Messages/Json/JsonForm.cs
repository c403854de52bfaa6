using System.Globalization;
using System.Text.Json.Nodes;

namespace Moldau.Protocol.Messages;

/// <summary>Values of generated messages in Kafka's JSON form.</summary>
internal static class JsonForm
{
    /// <summary>The property that holds unknown tagged fields.</summary>
    public const string Tags = "_tags";

    public static JsonNode Of(bool value) => JsonValue.Create(value);

    public static JsonNode Of(long value) => JsonValue.Create(value);

    /// <summary>JSON has no number for these: they are written by name.</summary>
    public static JsonNode Of(double value) =>
        double.IsFinite(value) ? JsonValue.Create(value) : JsonValue.Create(value.ToString(CultureInfo.InvariantCulture))!;

    public static JsonNode Of(Uuid value) => JsonValue.Create(value.ToString())!;

    public static JsonNode? Of(string? value) => value is null ? null : JsonValue.Create(value);

    public static JsonNode? Of(byte[]? value) => value is null ? null : JsonValue.Create(Convert.ToBase64String(value));

    public static JsonNode? Of(Records value) => value.IsNull ? null : JsonValue.Create(Convert.ToBase64String(value.ToMemory().Span));

    public static JsonNode? Of(MessageArray<sbyte>? array) => array is null ? null : List(array, item => Of((long)item));

    public static JsonNode? Of(MessageArray<short>? array) => array is null ? null : List(array, item => Of((long)item));

    public static JsonNode? Of(MessageArray<int>? array) => array is null ? null : List(array, item => Of((long)item));

    public static JsonNode? Of(MessageArray<long>? array) => array is null ? null : List(array, Of);

    public static JsonNode? Of(MessageArray<Uuid>? array) => array is null ? null : List(array, Of);

    public static JsonNode? Of(MessageArray<string>? array) => array is null ? null : List(array, Of);

    public static JsonNode? Of<T>(MessageArray<T>? array, short version)
        where T : class, IJsonStruct => array is null ? null : List(array, item => item.ToJson(version));

    public static JsonNode? Of(IJsonStruct? value, short version) => value?.ToJson(version);

    public static void AddTags(JsonObject json, List<UnknownTag>? tags)
    {
        if (tags is null) return;
        var list = new JsonArray();
        foreach ((int tag, byte[] data) in tags) list.Add((JsonNode)new JsonArray(Of((long)tag), Of(data)));
        json.Add(Tags, list);
    }

    private static JsonArray List<T>(MessageArray<T> array, Func<T, JsonNode?> form)
    {
        var list = new JsonArray();
        foreach (T item in array) list.Add(form(item));
        return list;
    }
}

/// <summary>A struct of a generated message, to and from its JSON form.</summary>
internal interface IJsonStruct
{
    JsonObject ToJson(short version);

    void ReadJson(JsonCursor json, short version);
}
