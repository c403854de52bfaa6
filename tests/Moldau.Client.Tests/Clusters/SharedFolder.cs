namespace Moldau.Client.Tests.Clusters;

/// <summary>The folder of facts and peers beside the repository; null where it is absent.</summary>
internal static class SharedFolder
{
    public static string? Find()
    {
        if (Environment.GetEnvironmentVariable("MOLDAU_SHARED") is { Length: > 0 } given) return Directory.Exists(given) ? given : null;
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (!File.Exists(Path.Join(at.FullName, "Moldau.slnx"))) continue;
            string beside = Path.Join(at.Parent?.FullName, "shared");
            return Directory.Exists(beside) ? beside : null;
        }

        return null;
    }
}
