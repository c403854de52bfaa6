namespace Moldau.Protocol.Messages;

/// <summary>What a schema file says of a message. Immutable once parsed; safe to share between threads.</summary>
public sealed partial class MessageSchema
{
    internal MessageSchema(string kind, string type, string name)
    {
        Kind = kind;
        Type = type;
        Name = name;
    }

    /// <summary>The folder of its schema file: <c>rpc</c>, <c>metadata</c>, <c>group-coordinator</c>…</summary>
    public string Kind { get; }

    /// <summary><c>request</c>, <c>response</c>, <c>metadata</c>, <c>coordinator-key</c>, <c>coordinator-value</c>, <c>header</c> or <c>data</c>.</summary>
    public string Type { get; }

    /// <summary>Its name, which is the class's.</summary>
    public string Name { get; }

    /// <summary>The API key, or the id of a metadata or coordinator record.</summary>
    public short? Key { get; internal set; }

    /// <summary>The versions that exist; none for a retired key.</summary>
    public VersionRange Versions { get; internal set; }

    /// <summary>The versions with compact encodings and tagged sections.</summary>
    public VersionRange FlexibleVersions { get; internal set; } = VersionRange.None;

    /// <summary><see cref="FlexibleVersions"/> as written; null for a retired key.</summary>
    public string? FlexibleText { get; internal set; }

    /// <summary>The listeners that serve it, for requests: <c>broker</c>, <c>controller</c>.</summary>
    public IReadOnlyList<string>? Listeners { get; internal set; }

    /// <summary>Whether the last version is not advertised by default; null: not said, which means no.</summary>
    public bool? LatestVersionUnstable { get; internal set; }

    /// <summary>Its fields in the order of the wire.</summary>
    public IReadOnlyList<FieldSchema> Fields { get; internal set; } = [];

    /// <summary>Every struct in it, in order of description.</summary>
    public IReadOnlyList<StructSchema> Structs { get; internal set; } = [];

    /// <summary>What the schema file says of it in words.</summary>
    public string? Comment { get; internal set; }

    /// <summary>Its part of the schema file, comments left out; parses to the same schema.</summary>
    public string Text { get; internal set; } = "";

    /// <summary>The last version that is advertised by default.</summary>
    public short HighestStableVersion => (short)(LatestVersionUnstable == true ? Versions.Highest - 1 : Versions.Highest);

    /// <summary>Whether <paramref name="version"/> has compact encodings and tagged sections.</summary>
    public bool IsFlexible(short version) => FlexibleVersions.Contains(version);
}
