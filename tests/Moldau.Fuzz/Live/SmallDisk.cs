using System.Globalization;
using Moldau.Processes;

namespace Moldau.Fuzz.Live;

/// <summary>A file system of a few megabytes in memory, mounted for a test. Only root may.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    /// <summary>Mounts one; null where that is not allowed.</summary>
    public static async Task<SmallDisk?> MountAsync(int mebibytes)
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/bin/mount")) return null;
        string path = Directory.CreateTempSubdirectory("moldau-small-").FullName;
        if (await RunAsync("mount", "-t", "tmpfs", "-o", Size(mebibytes), "tmpfs", path)) return new SmallDisk(path);
        Directory.Delete(path);
        return null;
    }

    /// <summary>Makes room.</summary>
    public async Task GrowAsync(int mebibytes)
    {
        if (!await RunAsync("mount", "-o", $"remount,{Size(mebibytes)}", Path)) throw new InvalidOperationException($"{Path} cannot be made larger");
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync("umount", Path);
        Directory.Delete(Path);
    }

    private static string Size(int mebibytes) => string.Create(CultureInfo.InvariantCulture, $"size={mebibytes}m");

    private static async Task<bool> RunAsync(string program, params string[] arguments) => (await ChildProcess.RunAsync($"/bin/{program}", arguments)).ExitCode == 0;
}
