using Moldau.Raft;

namespace Moldau.Broker.Quorum;

/// <summary>An append came from a controller that does not lead the quorum (any more). It renounces; nothing was appended.</summary>
public sealed class NotLeaderException(int epoch, int currentEpoch)
    : InvalidOperationException($"this node does not lead the metadata quorum in epoch {epoch}; the epoch is {currentEpoch}");

/// <summary>Records that must be appended as one batch are larger than a batch may be. Nothing was appended.</summary>
public sealed class MetadataBatchTooLargeException(int records)
    : InvalidOperationException($"{records} records do not fit into one batch of {Moldau.Raft.Limits.BatchBytes} bytes");

/// <summary>More is waiting to be written than the quorum's bounds allow. Nothing was appended; the caller tries again.</summary>
public sealed class QuorumBusyException() : InvalidOperationException("too much is waiting to be written to the metadata log");

/// <summary>The voter set is not one that this version can serve.</summary>
public sealed class UnsupportedQuorumException(string reason) : InvalidOperationException(reason);

/// <summary>The files of the metadata log contradict each other, or cannot be understood. The node does not start with them.</summary>
public sealed class MetadataLogCorruptException(string path, string reason, Exception? inner = null) : IOException($"{path}: {reason}", inner)
{
    /// <summary>The file or folder.</summary>
    public string Path { get; } = path;
}

/// <summary>The metadata log can no longer be written or flushed. The node stops: what it would answer from here on might be lost.</summary>
public sealed class MetadataLogFailedException(Exception cause) : IOException($"the metadata log failed: {cause.Message}. {Partitions.DirectoryAdvice.For(cause)}", cause);

/// <summary>A snapshot that was asked for and cannot be made.</summary>
public sealed class SnapshotRefusedException(OffsetAndEpoch id, string reason)
    : InvalidOperationException($"no snapshot at offset {id.Offset}, epoch {id.Epoch}: {reason}");
