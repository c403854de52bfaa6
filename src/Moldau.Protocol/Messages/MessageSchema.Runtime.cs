namespace Moldau.Protocol.Messages;

/// <summary>What the protocol assembly adds to a schema: its byte layouts.</summary>
public sealed partial class MessageSchema
{
    private WireLayout?[]? layouts;

    /// <summary>The schema of a generated message, from the text the generator left in it.</summary>
    internal static MessageSchema Parse(string kind, string text) => SchemaParser.Parse(kind, text)[0];

    /// <summary>The byte layout at a version. Two threads may make it at once; either result serves.</summary>
    internal WireLayout Layout(short version)
    {
        if (!Versions.Contains(version)) throw MessageErrors.NoVersion(this, version);
        layouts ??= new WireLayout?[Versions.Highest - Versions.Lowest + 1];
        return layouts[version - Versions.Lowest] ??= WireLayout.Of(Fields, version, IsFlexible(version));
    }
}
