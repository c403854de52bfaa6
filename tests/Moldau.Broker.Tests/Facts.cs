namespace Moldau.Broker.Tests;

/// <summary>Facts about Kafka that tests compare with: from MOLDAU_SHARED, else from the folder <c>shared</c> beside the repository.</summary>
internal static class Facts
{
    /// <summary>A file of the facts; skips the test when they are not there.</summary>
    public static string Require(string file)
    {
        string? root = Environment.GetEnvironmentVariable("MOLDAU_SHARED") ?? FindBesideRepository();
        string path = Path.Combine(root ?? "", "kafka-protocol", file);
        if (root is null || !File.Exists(path)) Assert.Skip($"needs ../shared: no facts about Kafka: kafka-protocol/{file} is in neither MOLDAU_SHARED nor ../shared");
        return path;
    }

    private static string? FindBesideRepository()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Moldau.slnx"))) return folder.Parent is { } parent ? Path.Combine(parent.FullName, "shared") : null;
        }

        return null;
    }
}
