namespace Moldau.Client.Tests;

/// <summary>Names that no other test uses.</summary>
internal static class Names
{
    private static int last;

    public static string New(string kind) => $"{kind}-{Environment.ProcessId}-{Interlocked.Increment(ref last)}";
}
