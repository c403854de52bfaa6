using System.Text;

namespace Moldau.Compat;

/// <summary>
/// The lines that clients produce and read back: those of a service's log with every script, empty lines and lines of tens of
/// kilobytes, and after them what the machine's package installer logged, where it keeps such a log.
/// </summary>
internal static class RealLog
{
    private const string InstallerLog = "/var/log/dpkg.log";
    private const int InstallerLinesMax = 1000;
    private static readonly Lazy<string[]> All = new(Read);

    /// <summary>Every line, empty ones included.</summary>
    public static string[] Lines => All.Value;

    /// <summary>For clients that pass over empty lines.</summary>
    public static string[] NonEmptyLines { get; } = [.. Lines.Where(line => line.Length > 0)];

    /// <summary>As a file for clients that read one.</summary>
    public static string WriteTo(TemporaryFolder folder, IEnumerable<string>? lines = null)
    {
        string path = folder.File("input.log");
        File.WriteAllText(path, string.Concat((lines ?? Lines).Select(line => line + "\n")), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return path;
    }

    private static string[] Read()
    {
        string[] lines = Split(Path.Combine(AppContext.BaseDirectory, "data", "service.log"));
        return File.Exists(InstallerLog) ? [.. lines, .. Split(InstallerLog).Take(InstallerLinesMax)] : lines;
    }

    private static string[] Split(string path) => File.ReadAllText(path).TrimEnd('\n').Split('\n');
}
