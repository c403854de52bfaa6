namespace Moldau.Processes;

/// <summary>The repository's folders, found from where the program runs.</summary>
public static class RepositoryFolder
{
    public static string Root { get; } = FindRoot();

    /// <summary>Facts and peers beside the repository, or null when they are not there.</summary>
    public static string? Shared { get; } = FindShared();

    /// <summary>The build configuration of the running program: nodes are started from the same one.</summary>
    public static string Configuration { get; } =
        AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder != null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Moldau.slnx"))) return folder.FullName;
        throw new InvalidOperationException($"no Moldau.slnx above {AppContext.BaseDirectory}");
    }

    private static string? FindShared()
    {
        string folder = Environment.GetEnvironmentVariable("MOLDAU_SHARED") is { Length: > 0 } given ? given : Path.Combine(Root, "..", "shared");
        return Directory.Exists(folder) ? Path.GetFullPath(folder) : null;
    }
}
