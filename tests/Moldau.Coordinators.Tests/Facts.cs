namespace Moldau.Coordinators.Tests;

/// <summary>Where the facts about Kafka are: the folder named by MOLDAU_SHARED, or <c>../shared</c> beside the repository.</summary>
internal static class Facts
{
    /// <summary>A file of the facts; skips the test when it is not there.</summary>
    public static string File(params string[] parts)
    {
        string path = Path.Combine([Shared(), "kafka-protocol", .. parts]);
        if (!System.IO.File.Exists(path)) Assert.Skip($"needs ../shared: no {Path.Combine(parts)} among the facts: set MOLDAU_SHARED");
        return path;
    }

    private static string Shared()
    {
        if (Environment.GetEnvironmentVariable("MOLDAU_SHARED") is { Length: > 0 } named) return named;
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "Moldau.slnx"))) folder = folder.Parent;
        return Path.Combine(folder?.Parent?.FullName ?? "..", "shared");
    }
}
