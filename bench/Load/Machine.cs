using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Moldau.Load;

/// <summary>What a figure was measured on: without it the figure means nothing.</summary>
internal static class Machine
{
    public static string Describe()
    {
        string cpu = FirstValue("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString();
        double gibibytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} × {cpu}, {gibibytes:0} GiB, {RuntimeInformation.OSDescription.Trim()}, .NET {Environment.Version}");
    }

    /// <summary>The commit that was measured, with a mark when the tree has changes.</summary>
    public static string Commit(string repository)
    {
        string head = Git(repository, "rev-parse", "--short", "HEAD");
        return Git(repository, "status", "--porcelain", "--untracked-files=no").Length == 0 ? head : head + " with changes";
    }

    /// <summary>The resident memory of a process, in bytes.</summary>
    public static long ResidentBytes(int processId) =>
        long.Parse(FirstValue($"/proc/{processId}/status", "VmRSS")?.Split(' ')[0] ?? "0", CultureInfo.InvariantCulture) * 1024;

    /// <summary>Files and sockets that a process has open.</summary>
    public static int OpenFiles(int processId) => Directory.GetFiles($"/proc/{processId}/fd").Length;

    /// <summary>Processor time that a process has used, in all its threads.</summary>
    public static TimeSpan ProcessorTime(int processId)
    {
        using var process = Process.GetProcessById(processId);
        return process.TotalProcessorTime;
    }

    private static string? FirstValue(string file, string key) =>
        File.Exists(file)
            ? File.ReadLines(file).Where(line => line.StartsWith(key, StringComparison.Ordinal)).Select(line => line[(line.IndexOf(':') + 1)..].Trim()).FirstOrDefault()
            : null;

    private static string Git(string repository, params string[] arguments)
    {
        using Process git = Process.Start(new ProcessStartInfo("git", ["-C", repository, .. arguments]) { RedirectStandardOutput = true })!;
        return git.StandardOutput.ReadToEnd().Trim();
    }
}
