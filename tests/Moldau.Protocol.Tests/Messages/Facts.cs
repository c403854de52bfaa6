namespace Moldau.Protocol.Tests.Messages;

/// <summary>The facts about Kafka beside the repository, and the sample of golden cases inside it.</summary>
internal static class Facts
{
    /// <summary>The folder of published message layouts; a test that needs it is skipped where it is absent.</summary>
    public static string Layouts()
    {
        string folder = Path.Combine(Shared(), "kafka-protocol", "messages");
        if (!Directory.Exists(folder)) Assert.Skip($"needs ../shared: no message layouts at {folder} (set MOLDAU_SHARED)");
        return folder;
    }

    /// <summary>The folder of golden cases; a test that needs it is skipped where it is absent.</summary>
    public static string Golden()
    {
        string folder = Environment.GetEnvironmentVariable("KAFKA_GOLDEN") is { Length: > 0 } given ? given : Path.Combine(Shared(), "kafka-protocol", "golden");
        if (!Directory.Exists(folder)) Assert.Skip($"needs ../shared: no golden cases at {folder} (set KAFKA_GOLDEN or MOLDAU_SHARED)");
        return folder;
    }

    /// <summary>The sample of golden cases that the repository holds.</summary>
    public static string Sample() => Path.Combine(Root(), "tests", "Moldau.Protocol.Tests", "golden");

    private static string Shared() =>
        Environment.GetEnvironmentVariable("MOLDAU_SHARED") is { Length: > 0 } given ? given : Path.Combine(Path.GetDirectoryName(Root())!, "shared");

    private static string Root()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Moldau.slnx"))) return folder.FullName;
        }

        throw new InvalidOperationException($"no Moldau.slnx above {AppContext.BaseDirectory}");
    }
}
