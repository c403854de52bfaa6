using Moldau.Protocol.Messages;

namespace Moldau.Metadata;

/// <summary>A record of the metadata log: the message, and the version it is written at (which follows from <c>metadata.version</c>).</summary>
public readonly record struct MetadataRecord(IMessage Message, short Version);
