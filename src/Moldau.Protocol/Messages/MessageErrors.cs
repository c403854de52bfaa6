namespace Moldau.Protocol.Messages;

/// <summary>The refusals of generated messages.</summary>
internal static class MessageErrors
{
    public static MessageVersionException NoVersion(MessageSchema schema, short version) =>
        new($"{schema.Name} has no version {version}; it has {schema.Versions}");

    /// <summary>A field is set that the version lacks and that may not be dropped.</summary>
    public static MessageVersionException Lacks(string field, short version) => new($"{field} is set, and version {version} lacks it");

    public static MessageVersionException Null(string field, short version) => new($"{field} is null, which version {version} does not allow");
}
