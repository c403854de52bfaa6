using System.Globalization;

namespace Moldau.Load.Compare.Brokers;

/// <summary>What a process and everything it started have used, as the kernel counts it.</summary>
internal static class ProcessTree
{
    /// <summary>The kernel's clock tick as it is told to programs, on every architecture that .NET runs on.</summary>
    private const int TicksPerSecond = 100;

    // Fields of /proc/PID/stat behind the name in brackets, counted from its state.
    private const int Parent = 1, UserTime = 11, SystemTime = 12, ChildrenUserTime = 13, ChildrenSystemTime = 14;

    /// <summary>Processor time of the process, its descendants, and those of its children that have ended.</summary>
    public static TimeSpan ProcessorTime(int processId)
    {
        long ticks = 0;
        foreach (int id in Members(processId))
        {
            if (Stat(id) is not { } stat) continue;
            ticks += Number(stat[UserTime]) + Number(stat[SystemTime]) + Number(stat[ChildrenUserTime]) + Number(stat[ChildrenSystemTime]);
        }

        return TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
    }

    /// <summary>Resident memory now, in bytes.</summary>
    public static long ResidentBytes(int processId) => Members(processId).Sum(id => KibibytesOf(id, "VmRSS")) * 1024;

    /// <summary>The most that was ever resident, in bytes; of several processes the sum of what each had at most.</summary>
    public static long PeakBytes(int processId) => Members(processId).Sum(id => KibibytesOf(id, "VmHWM")) * 1024;

    private static List<int> Members(int root)
    {
        var parents = new Dictionary<int, int>();
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
            if (int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out int id) && Stat(id) is { } stat) parents[id] = (int)Number(stat[Parent]);
        List<int> members = [root];
        for (int i = 0; i < members.Count; i++) members.AddRange(parents.Where(entry => entry.Value == members[i]).Select(entry => entry.Key));
        return members;
    }

    private static string[]? Stat(int processId)
    {
        try
        {
            string text = File.ReadAllText($"/proc/{processId}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception ended) when (ended is FileNotFoundException or DirectoryNotFoundException or IOException)
        {
            return null;
        }
    }

    private static long KibibytesOf(int processId, string key)
    {
        string file = $"/proc/{processId}/status";
        string? line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(each => each.StartsWith(key, StringComparison.Ordinal)) : null;
        return line == null ? 0 : Number(line[(key.Length + 1)..].Trim().Split(' ')[0]);
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
