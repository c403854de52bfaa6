using Microsoft.Extensions.Logging;

namespace Moldau.Broker;

/// <summary>What the metadata quorum says in the log.</summary>
internal static partial class Log
{
    [LoggerMessage(200, LogLevel.Information, "Leader of the metadata quorum: node {LeaderId} in epoch {Epoch}")]
    public static partial void LeaderChanged(this ILogger logger, int leaderId, int epoch);

    [LoggerMessage(201, LogLevel.Information, "Wrote metadata snapshot at offset {Offset}, epoch {Epoch}: {Bytes} bytes")]
    public static partial void SnapshotWritten(this ILogger logger, long offset, int epoch, long bytes);

    [LoggerMessage(202, LogLevel.Error, "The metadata log failed; the node must stop")]
    public static partial void MetadataLogFailed(this ILogger logger, Exception failure);
}
