namespace Moldau.Protocol.Messages;

/// <summary>The types a field or an array element can have.</summary>
public enum FieldKind
{
    Bool,
    Int8,
    Int16,
    UInt16,
    Int32,
    UInt32,
    Int64,
    Float64,
    Uuid,
    String,
    Bytes,
    Records,
    Struct,
}

/// <summary>One field of a message or of a struct in it, as its schema file describes it.</summary>
public sealed class FieldSchema
{
    internal FieldSchema(string name, string type)
    {
        Name = name;
        Type = type;
        JsonName = char.ToLowerInvariant(name[0]) + name.Substring(1);
        PropertyName = char.ToUpperInvariant(name[0]) + name.Substring(1);
        IsArray = type.StartsWith("[]", StringComparison.Ordinal);
        ElementType = IsArray ? type.Substring(2) : type;
        Kind = KindOf(ElementType);
    }

    /// <summary>The name in the schema.</summary>
    public string Name { get; }

    /// <summary>The name in the JSON form: its first letter in lower case.</summary>
    public string JsonName { get; }

    /// <summary>The property's name: its first letter in upper case.</summary>
    public string PropertyName { get; }

    /// <summary>The type as written: <c>int32</c>, <c>[]FetchTopic</c>.</summary>
    public string Type { get; }

    /// <summary>Whether it is an array.</summary>
    public bool IsArray { get; }

    /// <summary>The type without the array mark.</summary>
    public string ElementType { get; }

    /// <summary>The kind of the value, or of an element when it is an array.</summary>
    public FieldKind Kind { get; }

    /// <summary>The struct, when <see cref="Kind"/> is one.</summary>
    public StructSchema? Struct { get; internal set; }

    /// <summary>Whether the struct is described in place, under the field.</summary>
    public bool DefinesStruct { get; internal set; }

    /// <summary>Versions that have the field, as written; null where only <see cref="TaggedText"/> says so.</summary>
    public string? VersionsText { get; internal set; } = "0+";

    /// <summary>Versions in which it may be null, as written.</summary>
    public string? NullableText { get; internal set; }

    /// <summary>Versions in which it stands in the tagged section, as written.</summary>
    public string? TaggedText { get; internal set; }

    /// <summary>On the field alone: versions with compact encoding, as written.</summary>
    public string? FlexibleText { get; internal set; }

    /// <summary>The tag in the tagged section.</summary>
    public int? Tag { get; internal set; }

    /// <summary>The default as written; null: zero, empty.</summary>
    public string? Default { get; internal set; }

    /// <summary>Whether the published layout writes the default as a JSON literal, not as a string.</summary>
    public bool DefaultIsBare { get; internal set; }

    /// <summary>Whether a value may be dropped silently at a version that lacks the field; null: not said, which means no.</summary>
    public bool? Ignorable { get; internal set; }

    /// <summary>Whether it keys the array its struct is an element of.</summary>
    public bool IsMapKey { get; internal set; }

    /// <summary>Whether the published layout lets the bytes be read without a copy.</summary>
    public bool IsZeroCopy { get; internal set; }

    /// <summary>Whether readers with a string cache share equal values.</summary>
    public bool IsInterned { get; internal set; }

    /// <summary>What an id means: <c>brokerId</c>, <c>topicName</c>.</summary>
    public string? EntityType { get; internal set; }

    /// <summary>What the schema file says of it in words.</summary>
    public string? Comment { get; internal set; }

    /// <summary>Versions that have the field.</summary>
    public VersionRange Versions { get; internal set; } = VersionRange.All;

    /// <summary>Versions in which it may be null.</summary>
    public VersionRange NullableVersions { get; internal set; } = VersionRange.None;

    /// <summary>Versions in which it stands in the tagged section.</summary>
    public VersionRange TaggedVersions { get; internal set; } = VersionRange.None;

    /// <summary>Whether the default is null. A null that the published layout writes bare means that no default is given, and Kafka takes it so.</summary>
    public bool DefaultIsNull => Default == "null" && !DefaultIsBare;

    private static FieldKind KindOf(string type) => type switch
    {
        "bool" => FieldKind.Bool,
        "int8" => FieldKind.Int8,
        "int16" => FieldKind.Int16,
        "uint16" => FieldKind.UInt16,
        "int32" => FieldKind.Int32,
        "uint32" => FieldKind.UInt32,
        "int64" => FieldKind.Int64,
        "float64" => FieldKind.Float64,
        "uuid" => FieldKind.Uuid,
        "string" => FieldKind.String,
        "bytes" => FieldKind.Bytes,
        "records" => FieldKind.Records,
        _ => FieldKind.Struct,
    };
}

/// <summary>A struct inside a message.</summary>
public sealed class StructSchema
{
    internal StructSchema(string name, string? versionsText)
    {
        Name = name;
        ClassName = name;
        VersionsText = versionsText;
    }

    /// <summary>The name in the schema.</summary>
    public string Name { get; }

    /// <summary>The nested class's name: the schema's, or with <c>Entry</c> after it where a field or the message bears that name already.</summary>
    public string ClassName { get; internal set; }

    /// <summary>Versions that have it, as written, for a struct that stands by itself; null for one described under a field.</summary>
    public string? VersionsText { get; }

    /// <summary>Its fields in the order of the wire.</summary>
    public IReadOnlyList<FieldSchema> Fields { get; internal set; } = [];
}
