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
}
