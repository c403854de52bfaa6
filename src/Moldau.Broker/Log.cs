using System.Net;
using Microsoft.Extensions.Logging;

namespace Moldau.Broker;

/// <summary>Everything the broker says in its log.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "A request of {Remote} broke its handler; the connection is closed")]
    public static partial void HandlerFailed(this ILogger logger, EndPoint remote, Exception failure);

    [LoggerMessage(2, LogLevel.Debug, "Connection of {Remote} ended: {Reason}")]
    public static partial void ConnectionEnded(this ILogger logger, EndPoint remote, string reason);

    [LoggerMessage(3, LogLevel.Warning, "Listener {Listener} cannot accept: {Reason}")]
    public static partial void AcceptFailed(this ILogger logger, string listener, string reason);

    [LoggerMessage(4, LogLevel.Warning, "Connection of {Remote} refused: too many connections")]
    public static partial void ConnectionRefused(this ILogger logger, EndPoint remote);

    [LoggerMessage(10, LogLevel.Information, "Node {NodeId} is the active controller in epoch {Epoch}: {Outcome}")]
    public static partial void ControllerActive(this ILogger logger, int nodeId, int epoch, string outcome);

    [LoggerMessage(11, LogLevel.Information, "Node {NodeId} is no longer the active controller; its last epoch was {Epoch}")]
    public static partial void ControllerResigned(this ILogger logger, int nodeId, int epoch);

    [LoggerMessage(12, LogLevel.Warning, "Topic {Topic} cannot be created automatically: {Error} {Reason}")]
    public static partial void AutoCreationFailed(this ILogger logger, string topic, string error, string reason);

    [LoggerMessage(23, LogLevel.Warning, "Partition {Partition} is not served: its log may lie in a log directory that is offline")]
    public static partial void PartitionOffline(this ILogger logger, string partition);

    [LoggerMessage(25, LogLevel.Information, "Partition {Partition} is being moved from {From} to {To}")]
    public static partial void MoveBegun(this ILogger logger, string partition, string from, string to);

    [LoggerMessage(24, LogLevel.Warning, "The controller did not take this node's log directory assignments: {Error}; they are sent again")]
    public static partial void AssignmentRefused(this ILogger logger, string error);

    [LoggerMessage(21, LogLevel.Error, "Partition {Partition} cannot be opened on this node")]
    public static partial void PartitionFailed(this ILogger logger, string partition, Exception failure);

    [LoggerMessage(22, LogLevel.Error, "Log directory {Directory} is offline, its partitions are not served: {Reason}. {Advice}")]
    public static partial void DirectoryOffline(this ILogger logger, string directory, string reason, string advice, Exception failure);

    [LoggerMessage(30, LogLevel.Information, "Broker {NodeId} is registered with epoch {Epoch}")]
    public static partial void Registered(this ILogger logger, int nodeId, long epoch);

    [LoggerMessage(31, LogLevel.Warning, "Registration of broker {NodeId} was refused: {Error}; it is tried again")]
    public static partial void RegistrationRefused(this ILogger logger, int nodeId, string error);

    [LoggerMessage(32, LogLevel.Information, "Broker {NodeId} is unfenced and serves {Listeners}")]
    public static partial void Serving(this ILogger logger, int nodeId, string listeners);

    [LoggerMessage(33, LogLevel.Warning, "Heartbeat of broker {NodeId} was refused: {Error}")]
    public static partial void HeartbeatRefused(this ILogger logger, int nodeId, string error);

    [LoggerMessage(34, LogLevel.Information, "Node {NodeId} is stopping")]
    public static partial void Stopping(this ILogger logger, int nodeId);

    [LoggerMessage(35, LogLevel.Critical, "Node {NodeId} ends: {Reason}")]
    public static partial void NodeFailed(this ILogger logger, int nodeId, string reason, Exception failure);

    [LoggerMessage(36, LogLevel.Warning, "A snapshot of the metadata log was not written")]
    public static partial void SnapshotFailed(this ILogger logger, Exception failure);

    [LoggerMessage(40, LogLevel.Warning, "A configuration that is set dynamically is ignored: {Reason}")]
    public static partial void ConfigIgnored(this ILogger logger, string reason);

    [LoggerMessage(41, LogLevel.Warning, "The level of logger {Name} is now {Level}")]
    public static partial void LoggerLevelChanged(this ILogger logger, string name, string level);
}
