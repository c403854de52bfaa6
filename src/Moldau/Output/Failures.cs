using System.Diagnostics.CodeAnalysis;
using Moldau.Broker;
using Moldau.Broker.Quorum.Formatting;
using Moldau.Client;
using Moldau.Metadata.Configuration;
using Moldau.Protocol;

namespace Moldau.Output;

/// <summary>Turns what commands throw into one line (what, where, what to do) and an exit code. What is not known here is a bug and stays an exception.</summary>
internal static class Failures
{
    public static int Report(Exception failure)
    {
        (string message, int code) = Explain(failure) ?? throw new ArgumentException("not a failure that is known", nameof(failure), failure);
        if (message.Length > 0) Terminal.Error(message);
        return code;
    }

    public static (string Message, int Code)? Explain(Exception failure) => failure switch
    {
        // The reader of a pipe has seen enough.
        IOException when IsClosedPipe(failure) => ("", ExitCode.Success),
        OperationCanceledException => ("", ExitCode.Interrupted),
        UsageException => (failure.Message, ExitCode.Usage),
        ConfigException or NodeStartException or FormatRefusedException or LogDirectoryException => (failure.Message, ExitCode.Configuration),
        KafkaConnectionException => ($"{failure.Message}. Is a broker listening there? Name another with --bootstrap HOST:PORT.", ExitCode.Unreachable),
        KafkaTimeoutException => (failure.Message, ExitCode.Unreachable),
        KafkaException { Code: ErrorCode.UnsupportedVersion } => ($"{failure.Message}.", ExitCode.Failure),
        KafkaException => (failure.Message, ExitCode.Failure),
        IOException or UnauthorizedAccessException => (failure.Message, ExitCode.Failure),
        _ => null,
    };

    // EPIPE: what is written to a pipe that nobody reads.
    private static bool IsClosedPipe(Exception failure) => failure.HResult == 32 || failure.InnerException is System.Net.Sockets.SocketException { NativeErrorCode: 32 };
}

/// <summary>A command line that parses and makes no sense; the message says what would.</summary>
[SuppressMessage("Design", "CA1064", Justification = "It never leaves this assembly.")]
internal sealed class UsageException(string message) : Exception(message);
