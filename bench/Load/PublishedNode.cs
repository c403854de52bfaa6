using Moldau.Processes;

namespace Moldau.Load;

/// <summary>The executable as a user gets it.</summary>
internal static class PublishedNode
{
    /// <summary>Publishes it to artifacts/moldau.</summary>
    /// <returns>Its path.</returns>
    public static async Task<string> MakeAsync()
    {
        string output = Path.Combine(RepositoryFolder.Root, "artifacts", "moldau");
        Console.WriteLine("publishing src/Moldau");
        string[] publish = ["publish", Path.Combine(RepositoryFolder.Root, "src", "Moldau"), "-c", "Release", "-o", output, "-v", "q", "--nologo"];
        (await ChildProcess.RunAsync("dotnet", publish, timeout: Limits.Publish)).Succeeded();
        return Path.Combine(output, "moldau");
    }
}
