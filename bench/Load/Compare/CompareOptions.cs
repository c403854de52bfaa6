using System.Globalization;
using Moldau.Load.Startup;

namespace Moldau.Load.Compare;

/// <summary>What the comparison is told.</summary>
internal sealed record CompareOptions
{
    /// <summary>How often each cell is measured with each broker.</summary>
    public int Runs { get; init; } = 5;

    /// <summary>Cells by name, or by how names begin; none: the default ones.</summary>
    public IReadOnlyList<string> Cells { get; init; } = [];

    /// <summary>Apache Kafka; null: only Moldau is measured.</summary>
    public string? Peer { get; init; }

    /// <summary>The executable to measure; null: one is published first, as a user would.</summary>
    public string? Executable { get; init; }

    /// <summary>Whether this is only to see that it works: little data, one run, no results file.</summary>
    public bool IsQuick { get; init; }

    /// <summary>Whether a busy machine is accepted.</summary>
    public bool IsBusyAccepted { get; init; }

    /// <summary>Which clients make the load.</summary>
    public Driver Driver { get; init; } = Driver.Both;

    /// <summary>Gibibytes that a cell of large batches appends.</summary>
    public double Gibibytes { get; init; } = 1;

    public int SoakMinutes { get; init; } = 30;

    /// <summary>Keeps the figures of this and earlier calls; null: none is kept.</summary>
    public string? Json { get; init; } = "bench/compare.json";

    /// <summary>A page that gets the table; null: it is only printed.</summary>
    public string? Results { get; init; } = "bench/RESULTS.md";

    public const string Usage = """
          compare              Moldau and Apache Kafka one after the other, the same load, the same machine
            --peer DIR         Apache Kafka (none: only Moldau is measured, and nothing kept)
            --cells A,B        cells by name, or by how names begin (all but the long ones; an unknown name lists them)
            --runs N           how often each is measured (5)
            --quick            little data and one run: does it work; keeps nothing unless --json says where
            --node FILE        the moldau executable (published to artifacts/moldau first)
            --driver KIND      wire: the replayer; stock: librdkafka and Apache Kafka's tools; both (both)
            --gib N            gibibytes that a cell of large batches appends (1)
            --soak-minutes N   length of the cell "soak" (30)
            --busy-ok          measure although the machine is busy; the report is marked
            --json FILE        keeps the figures of this and earlier calls (bench/compare.json)
        """;

    /// <exception cref="LoadUsageException">An option is unknown, without value, or out of range.</exception>
    public static CompareOptions Parse(string[] args)
    {
        var options = new CompareOptions();
        // Given before or after --quick, what is said wins over what quick means.
        if (args.Contains("--quick")) options = options with { IsQuick = true, Runs = 1, Results = null, Json = null };
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] == "--quick") continue;
            if (args[i] == "--busy-ok")
            {
                options = options with { IsBusyAccepted = true };
                continue;
            }

            string option = args[i], value = i + 1 < args.Length ? args[++i] : throw new LoadUsageException($"{option} needs a value");
            options = option switch
            {
                "--runs" => options with { Runs = (int)Number(option, value, 1, Limits.RunsMax) },
                "--cells" => options with { Cells = value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) },
                "--peer" => options with { Peer = value },
                "--node" => options with { Executable = value },
                "--driver" => options with { Driver = DriverOf(value) },
                "--gib" => options with { Gibibytes = Number(option, value, 0.01, Limits.CellGibibytesMax) },
                "--soak-minutes" => options with { SoakMinutes = (int)Number(option, value, 1, Limits.SoakMinutesMax) },
                "--json" => options with { Json = value },
                _ => throw new LoadUsageException($"no option \"{option}\""),
            };
        }

        // Half a comparison would take the place of a whole one.
        return options.Peer == null ? options with { Results = null, Json = args.Contains("--json") ? options.Json : null } : options;
    }

    private static Driver DriverOf(string value) => value switch
    {
        "wire" => Driver.Wire,
        "stock" => Driver.Stock,
        "both" => Driver.Both,
        _ => throw new LoadUsageException($"--driver is wire, stock or both, not \"{value}\""),
    };

    private static double Number(string option, string value, double min, double max) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number) && number >= min && number <= max
            ? number
            : throw new LoadUsageException(string.Create(CultureInfo.InvariantCulture, $"{option} is a number from {min} to {max}, not \"{value}\""));
}

/// <summary>Which clients make the load.</summary>
internal enum Driver
{
    /// <summary>The replayer of encoded requests, which measures the broker.</summary>
    Wire,

    /// <summary>librdkafka and Apache Kafka's tools, which many use.</summary>
    Stock,

    /// <summary>Both: figures of the first count where the second see the same winner.</summary>
    Both,
}
