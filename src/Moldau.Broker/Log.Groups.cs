using Microsoft.Extensions.Logging;

namespace Moldau.Broker;

/// <summary>What the group coordinator says.</summary>
internal static partial class Log
{
    [LoggerMessage(60, LogLevel.Debug, "Groups of __consumer_offsets-{Partition} are served here: {Records} records")]
    public static partial void GroupsLoaded(this ILogger logger, int partition, int records);

    [LoggerMessage(61, LogLevel.Debug, "Groups of __consumer_offsets-{Partition} are no longer served here")]
    public static partial void GroupsResigned(this ILogger logger, int partition);

    [LoggerMessage(62, LogLevel.Error, "Groups of __consumer_offsets-{Partition} cannot be loaded: {Error}")]
    public static partial void GroupsNotLoaded(this ILogger logger, int partition, string error);

    [LoggerMessage(63, LogLevel.Error, "Groups of __consumer_offsets-{Partition} cannot be loaded: a record is damaged")]
    public static partial void GroupsDamaged(this ILogger logger, int partition, Exception damage);

    [LoggerMessage(64, LogLevel.Warning, "__consumer_offsets-{Partition} holds {Records} records of types that this version does not know; they are left as they are")]
    public static partial void UnknownGroupRecords(this ILogger logger, int partition, int records);
}
