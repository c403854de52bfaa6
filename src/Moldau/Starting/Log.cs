using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace Moldau.Starting;

/// <summary>What the executable itself logs.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "{Signal}: stopping; a second one ends the process at once")]
    public static partial void Asked(this ILogger logger, PosixSignal signal);
}
