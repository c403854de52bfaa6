using System.Globalization;
using System.Text;
using Moldau.Processes;

namespace Moldau.Load.Startup;

/// <summary>The samples as a table for people: median, and in brackets the smallest and the largest.</summary>
internal static class StartupTable
{
    public static string Render(IReadOnlyDictionary<string, List<StartupSample>> samples, StartupOptions options, string? peerVersion)
    {
        string[] names = [.. samples.Keys];
        var text = new StringBuilder();
        text.AppendLine("## Start and idle memory").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Machine.Describe()}; commit {Machine.Commit(RepositoryFolder.Root)}{(peerVersion == null ? "" : $"; Apache Kafka {peerVersion}, heap -Xmx256m")}.");
        text.AppendLine(CultureInfo.InvariantCulture, $"Median of {options.Runs} (smallest–largest). Memory is the resident set after {options.Idle.TotalSeconds:0} s of idle time.").AppendLine();
        text.AppendLine($"| | {string.Join(" | ", names)} |{(names.Length == 2 ? " ratio |" : "")}");
        text.AppendLine($"|---|{string.Concat(names.Select(_ => "---:|"))}{(names.Length == 2 ? "---:|" : "")}");
        Row("first start to first acknowledged record, ms", sample => sample.First.TotalMilliseconds);
        Row("second start to first acknowledged record, ms", sample => sample.Again.TotalMilliseconds);
        Row("idle memory, MB", sample => sample.IdleMegabytes);
        return text.ToString();

        void Row(string what, Func<StartupSample, double> value)
        {
            double[][] columns = [.. names.Select(name => samples[name].Select(value).Order().ToArray())];
            string cells = string.Join(" | ", columns.Select(column => string.Create(CultureInfo.InvariantCulture, $"{Median(column):0} ({column[0]:0}–{column[^1]:0})")));
            string ratio = columns.Length == 2 ? string.Create(CultureInfo.InvariantCulture, $" 1/{Median(columns[1]) / Median(columns[0]):0.0} |") : "";
            text.AppendLine($"| {what} | {cells} |{ratio}");
        }
    }

    private static double Median(double[] sorted) =>
        sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
}
