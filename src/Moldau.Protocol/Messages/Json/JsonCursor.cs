using System.Globalization;
using System.Text.Json;

namespace Moldau.Protocol.Messages;

/// <summary>A place in the JSON form of a message, with the path to it for what is wrong there.</summary>
internal readonly struct JsonCursor(JsonElement element, string path, string name = "")
{
    private delegate bool Getter<T>(JsonElement element, out T value);

    /// <summary>The property's name, for one of an object.</summary>
    public string Name => name;

    private bool IsNull => element.ValueKind == JsonValueKind.Null;

    public IEnumerable<JsonCursor> Properties()
    {
        Expect(JsonValueKind.Object);
        foreach (JsonProperty property in element.EnumerateObject()) yield return new JsonCursor(property.Value, $"{path}.{property.Name}", property.Name);
    }

    public JsonException Unknown() => new($"{path}: no such field");

    /// <summary>Fails unless every field of <paramref name="version"/> is there; tagged ones at their default may be absent.</summary>
    public void Require(IReadOnlyList<FieldSchema> fields, short version)
    {
        foreach (FieldSchema field in fields)
        {
            if (field.Versions.Contains(version) && !field.TaggedVersions.Contains(version) && !element.TryGetProperty(field.JsonName, out _))
                throw new JsonException($"{path}.{field.JsonName}: missing");
        }
    }

    public bool Bool() => element.ValueKind is JsonValueKind.True or JsonValueKind.False ? element.GetBoolean() : throw Error("a boolean");

    public sbyte Int8() => Number((JsonElement e, out sbyte v) => e.TryGetSByte(out v), "an int8");

    public short Int16() => Number((JsonElement e, out short v) => e.TryGetInt16(out v), "an int16");

    public ushort UInt16() => Number((JsonElement e, out ushort v) => e.TryGetUInt16(out v), "a uint16");

    public int Int32() => Number((JsonElement e, out int v) => e.TryGetInt32(out v), "an int32");

    public uint UInt32() => Number((JsonElement e, out uint v) => e.TryGetUInt32(out v), "a uint32");

    public long Int64() => Number((JsonElement e, out long v) => e.TryGetInt64(out v), "an int64");

    public double Float64()
    {
        if (element.ValueKind != JsonValueKind.String) return Number((JsonElement e, out double v) => e.TryGetDouble(out v), "a float64");
        return double.TryParse(element.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out double named) ? named : throw Error("a float64");
    }

    public Uuid Uuid() => element.ValueKind == JsonValueKind.String && Protocol.Uuid.TryParse(element.GetString(), out Uuid id) ? id : throw Error("an id of 22 characters");

    public string String() => NullableString() ?? throw Error("a string");

    public string? NullableString() => IsNull ? null : element.ValueKind == JsonValueKind.String ? element.GetString() : throw Error("a string");

    public byte[] Bytes() => NullableBytes() ?? throw Error("base64");

    public byte[]? NullableBytes()
    {
        if (IsNull) return null;
        return element.ValueKind == JsonValueKind.String && element.TryGetBytesFromBase64(out byte[]? bytes) ? bytes : throw Error("base64");
    }

    public Records Records() => NullableBytes() is { } bytes ? new Records(bytes) : Protocol.Records.Null;

    /// <summary>Reads an array; null where it is null.</summary>
    public MessageArray<T>? NullableArray<T>(Func<JsonCursor, T> read)
    {
        if (IsNull) return null;
        Expect(JsonValueKind.Array);
        var array = new MessageArray<T>();
        foreach (JsonElement item in element.EnumerateArray()) array.Add(read(new JsonCursor(item, $"{path}[{array.Count}]")));
        return array;
    }

    public MessageArray<T> Array<T>(Func<JsonCursor, T> read) => NullableArray(read) ?? throw Error("an array");

    public MessageArray<T>? NullableStructs<T>(short version)
        where T : class, IJsonStruct, IMessageStruct<T> => NullableArray(item => item.Struct<T>(version));

    public MessageArray<T> Structs<T>(short version)
        where T : class, IJsonStruct, IMessageStruct<T> => NullableStructs<T>(version) ?? throw Error("an array");

    public T Struct<T>(short version)
        where T : class, IJsonStruct, IMessageStruct<T>
    {
        T made = T.Create();
        made.ReadJson(this, version);
        return made;
    }

    public T? NullableStruct<T>(short version)
        where T : class, IJsonStruct, IMessageStruct<T> => IsNull ? null : Struct<T>(version);

    public List<UnknownTag> Tags() => [.. Array(item => item.Tag())];

    private UnknownTag Tag()
    {
        Expect(JsonValueKind.Array);
        if (element.GetArrayLength() != 2) throw Error("a tag and its bytes");
        return new UnknownTag(new JsonCursor(element[0], path).Int32(), new JsonCursor(element[1], path).Bytes());
    }

    private T Number<T>(Getter<T> get, string what) => element.ValueKind == JsonValueKind.Number && get(element, out T value) ? value : throw Error(what);

    private void Expect(JsonValueKind kind)
    {
        if (element.ValueKind != kind) throw Error(kind == JsonValueKind.Object ? "an object" : "an array");
    }

    private JsonException Error(string what) => new($"{path}: {what} expected");
}
