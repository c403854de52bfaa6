namespace Moldau.Metadata.Tests;

/// <summary>The facts about Kafka beside the repository, where they are there.</summary>
internal static class Facts
{
    /// <summary>Path of a file of the facts; it need not exist.</summary>
    public static string Path(string name) => System.IO.Path.Combine(Folder(), "kafka-protocol", name);

    /// <summary>The repository's folder.</summary>
    public static string Root()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder != null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Moldau.slnx"))) return folder.FullName;
        return ".";
    }

    private static string Folder() =>
        Environment.GetEnvironmentVariable("MOLDAU_SHARED") is { Length: > 0 } given ? given : System.IO.Path.Combine(Root(), "..", "shared");
}
