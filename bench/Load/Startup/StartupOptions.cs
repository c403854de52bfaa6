using System.Globalization;

namespace Moldau.Load.Startup;

/// <summary>The bench was called with something it does not understand.</summary>
internal sealed class LoadUsageException(string message) : Exception(message);

/// <summary>What the startup bench is told.</summary>
internal sealed record StartupOptions
{
    public int Runs { get; init; } = 5;

    /// <summary>How long a node that has served one record stays idle before its memory is read.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Apache Kafka, measured beside; null: only Moldau is measured.</summary>
    public string? Peer { get; init; }

    /// <summary>The executable to measure; null: the built one when quick, else one is published first, as a user would.</summary>
    public string? Executable { get; init; }

    /// <summary>Whether this is only to see that it works.</summary>
    public bool IsQuick { get; init; }

    /// <summary>A page that gets the table; null: it is only printed.</summary>
    public string? Results { get; init; } = "bench/RESULTS.md";

    public const string Usage = """
        load: measures whole nodes.

          startup              from the start of the process to the first acknowledged record, and memory when idle
            --peer DIR         Apache Kafka, measured beside (none)
            --runs N           starts of each, alternating (5)
            --idle-seconds N   idle time before the memory is read (60)
            --node FILE        the moldau executable (published to artifacts/moldau first)
            --quick            one run of the built executable, two seconds of idle time, no results file
          partitions           many partitions on one node: created, listed, produced to, idle, restarted
            --count N          partitions (10000)
            --peer --node --quick  as above; quick: 500 partitions of the built executable, no results file
          batches DIR          batches, records and bytes of a partition's segments

        """ + Compare.CompareOptions.Usage;

    /// <exception cref="LoadUsageException">An option is unknown, without value, or out of range.</exception>
    public static StartupOptions Parse(string[] args)
    {
        var options = new StartupOptions();
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] == "--quick")
            {
                options = options with { IsQuick = true, Runs = 1, Idle = TimeSpan.FromSeconds(2), Results = null };
                continue;
            }

            string option = args[i], value = i + 1 < args.Length ? args[++i] : throw new LoadUsageException($"{option} needs a value");
            options = option switch
            {
                "--runs" => options with { Runs = Number(option, value, Limits.RunsMax) },
                "--idle-seconds" => options with { Idle = TimeSpan.FromSeconds(Number(option, value, Limits.IdleSecondsMax)) },
                "--peer" => options with { Peer = value },
                "--node" => options with { Executable = value },
                _ => throw new LoadUsageException($"no option \"{option}\""),
            };
        }

        return options;
    }

    private static int Number(string option, string value, int max) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= 1 && number <= max
            ? number
            : throw new LoadUsageException($"{option} is a number from 1 to {max}, not \"{value}\"");
}
