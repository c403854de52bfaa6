namespace Moldau.Broker.Tests;

/// <summary>The facts about Kafka beside the repository, where they are there.</summary>
internal static class Facts
{
    /// <summary>The text of a file of the facts; the test is skipped where it is not there.</summary>
    public static string Read(string name)
    {
        string path = Path.Combine(Folder(), "kafka-protocol", name);
        if (!File.Exists(path)) Assert.Skip($"needs ../shared: kafka-protocol/{name} is not there");
        return File.ReadAllText(path);
    }

    private static string Folder()
    {
        if (Environment.GetEnvironmentVariable("MOLDAU_SHARED") is { Length: > 0 } given) return given;
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder != null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Moldau.slnx"))) return Path.Combine(folder.Parent!.FullName, "shared");
        return "shared";
    }
}
