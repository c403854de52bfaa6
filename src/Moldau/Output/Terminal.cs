namespace Moldau.Output;

/// <summary>The process's standard streams.</summary>
internal static class Terminal
{
    /// <summary>Whether a person reads the error stream: progress and hints are for people.</summary>
    public static bool HasReader => !Console.IsErrorRedirected;

    /// <summary>One line for what went wrong.</summary>
    public static void Error(string message) => Console.Error.WriteLine($"moldau: {message}");

    /// <summary>One line for what should be known.</summary>
    public static void Warning(string message) => Console.Error.WriteLine($"moldau: warning: {message}");
}
