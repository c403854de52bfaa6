using System.Globalization;
using Moldau.Load.Startup;

namespace Moldau.Load.Partitions;

/// <summary>What the partitions bench is told.</summary>
internal sealed record PartitionsOptions
{
    public int Count { get; init; } = 10_000;

    /// <summary>How long processor time is counted while nothing is asked of the node.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Apache Kafka, measured beside; null: only Moldau is measured.</summary>
    public string? Peer { get; init; }

    /// <summary>The executable to measure; null: the built one when quick, else one is published first.</summary>
    public string? Executable { get; init; }

    /// <summary>Whether this is only to see that it works.</summary>
    public bool IsQuick { get; init; }

    /// <summary>A page that gets the table; null: it is only printed.</summary>
    public string? Results { get; init; } = "bench/RESULTS.md";

    /// <exception cref="LoadUsageException">An option is unknown, without value, or out of range.</exception>
    public static PartitionsOptions Parse(string[] args)
    {
        var options = new PartitionsOptions();
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] == "--quick")
            {
                options = options with { IsQuick = true, Count = 500, Results = null };
                continue;
            }

            string option = args[i], value = i + 1 < args.Length ? args[++i] : throw new LoadUsageException($"{option} needs a value");
            options = option switch
            {
                "--count" => options with { Count = Number(option, value) },
                "--peer" => options with { Peer = value },
                "--node" => options with { Executable = value },
                "--results" => options with { Results = value.Length == 0 ? null : value },
                _ => throw new LoadUsageException($"no option \"{option}\""),
            };
        }

        return options;
    }

    private static int Number(string option, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= Limits.PartitionsMax
            ? number
            : throw new LoadUsageException($"{option} is a number from 1 to {Limits.PartitionsMax}, not \"{value}\"");
}
