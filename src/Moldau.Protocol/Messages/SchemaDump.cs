using System.Globalization;
using System.Text.Json;

namespace Moldau.Protocol.Messages;

/// <summary>All schemas as JSON, in the form in which message layouts of the protocol are published, with the schema's folder as <c>kind</c>.</summary>
public static class SchemaDump
{
    /// <summary>Writes an array with every message.</summary>
    public static void Write(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (MessageSchema schema in MessageCatalog.All) Write(json, schema);
        json.WriteEndArray();
    }

    /// <summary>Writes one message.</summary>
    public static void Write(Utf8JsonWriter json, MessageSchema schema)
    {
        json.WriteStartObject();
        if (schema.Key is { } key) json.WriteNumber("apiKey", key);
        json.WriteString("type", schema.Type);
        json.WriteString("kind", schema.Kind);
        if (schema.Listeners is { } listeners) WriteListeners(json, listeners);
        json.WriteString("name", schema.Name);
        json.WriteString("validVersions", schema.Versions.ToString());
        if (schema.LatestVersionUnstable is { } unstable) json.WriteBoolean("latestVersionUnstable", unstable);
        if (schema.FlexibleText is { } flexible)
        {
            json.WriteString("flexibleVersions", flexible);
            WriteFields(json, schema.Fields);
            WriteCommonStructs(json, schema.Structs);
        }

        json.WriteEndObject();
    }

    private static void WriteListeners(Utf8JsonWriter json, IReadOnlyList<string> listeners)
    {
        json.WriteStartArray("listeners");
        foreach (string listener in listeners) json.WriteStringValue(listener);
        json.WriteEndArray();
    }

    private static void WriteCommonStructs(Utf8JsonWriter json, IReadOnlyList<StructSchema> structs)
    {
        if (!structs.Any(each => each.VersionsText is not null)) return;
        json.WriteStartArray("commonStructs");
        foreach (StructSchema each in structs)
        {
            if (each.VersionsText is null) continue;
            json.WriteStartObject();
            json.WriteString("name", each.Name);
            json.WriteString("versions", each.VersionsText);
            WriteFields(json, each.Fields);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteFields(Utf8JsonWriter json, IReadOnlyList<FieldSchema> fields)
    {
        json.WriteStartArray("fields");
        foreach (FieldSchema field in fields)
        {
            json.WriteStartObject();
            WriteField(json, field);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteField(Utf8JsonWriter json, FieldSchema field)
    {
        json.WriteString("name", field.Name);
        json.WriteString("type", field.Type);
        WriteIfGiven(json, "versions", field.VersionsText);
        WriteIfGiven(json, "nullableVersions", field.NullableText);
        WriteIfGiven(json, "taggedVersions", field.TaggedText);
        if (field.Tag is { } tag) json.WriteNumber("tag", tag);
        WriteIfGiven(json, "flexibleVersions", field.FlexibleText);
        if (field.Ignorable is { } ignorable) json.WriteBoolean("ignorable", ignorable);
        if (field.IsMapKey) json.WriteBoolean("mapKey", true);
        if (field.IsZeroCopy) json.WriteBoolean("zeroCopy", true);
        WriteIfGiven(json, "entityType", field.EntityType);
        if (field.Default is { } value) WriteDefault(json, value, field.DefaultIsBare);
        if (field.DefinesStruct) WriteFields(json, field.Struct!.Fields);
    }

    private static void WriteDefault(Utf8JsonWriter json, string value, bool bare)
    {
        json.WritePropertyName("default");
        if (!bare) json.WriteStringValue(value);
        else if (value == "null") json.WriteNullValue();
        else if (value is "true" or "false") json.WriteBooleanValue(value == "true");
        else json.WriteNumberValue(long.Parse(value, CultureInfo.InvariantCulture));
    }

    private static void WriteIfGiven(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }
}
