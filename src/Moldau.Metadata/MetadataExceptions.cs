namespace Moldau.Metadata;

/// <summary>A record of the metadata log that does not fit the state before it, or that this version cannot read. The node cannot go on with its metadata.</summary>
public class MetadataReplayException(string message) : Exception(message);

/// <summary>A record of a type this version does not know: it was written by a newer version.</summary>
public sealed class UnknownMetadataRecordException(string recordName)
    : MetadataReplayException($"cannot replay {recordName}: not a metadata record of this version (level {Features.MetadataVersion.Latest} and below)")
{
    /// <summary>The record's name.</summary>
    public string RecordName { get; } = recordName;
}

/// <summary>A feature level outside of what this version supports: the cluster was upgraded past it.</summary>
public sealed class UnsupportedFeatureLevelException(string feature, short level, string supported)
    : MetadataReplayException($"feature {feature} is at level {level}, and this node supports {supported}")
{
    /// <summary>The feature's name.</summary>
    public string Feature { get; } = feature;

    /// <summary>The level that was found.</summary>
    public short Level { get; } = level;
}
