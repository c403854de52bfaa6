using System.Globalization;
using Moldau.Crash.Clients;

namespace Moldau.Crash;

/// <summary>The bench was called with something it does not understand or cannot do here.</summary>
internal sealed class CrashUsageException(string message) : Exception(message);

/// <summary>What the bench is told.</summary>
internal sealed record CrashOptions
{
    public int Rounds { get; init; } = 10;

    public string[] Clients { get; init; } = CrashClients.Default;

    /// <summary>Data that is in the log before the first round: the time to serve again must not depend on it.</summary>
    public int PreloadMebibytes { get; init; } = 256;

    /// <summary>Whether topics that are compacted and retained by size are under load too.</summary>
    public bool IsCleaning { get; init; } = true;

    public int Seed { get; init; }

    /// <summary>A restart that takes longer is a violation; null: none is.</summary>
    public TimeSpan? ServingMax { get; init; }

    /// <summary>The executable to start; null: the built one.</summary>
    public string? Executable { get; init; }

    /// <summary>Apache Kafka, which looks at the data in the end; null: where it is kept beside the repository.</summary>
    public string? Peer { get; init; }

    /// <summary>Where the data goes and stays; null: a temporary folder.</summary>
    public string? Folder { get; init; }

    public const string Usage = """
        crash: kills a node in the middle of its work, again and again, and looks for what it lost.

          --rounds N           kill -9 and restart N times (10)
          --clients A,B,C      kinds of producers: confluent, kcat, java, kafkajs
          --preload-mib N      data in the log before the first round (256)
          --cleaning on|off    topics that are compacted and cut meanwhile, too (on; needs kcat)
          --serving-max-ms N   a restart that takes longer is a violation (2000; 0: none is)
          --seed N             of the moments of death (from the clock)
          --node FILE          the moldau executable (the built one; MOLDAU_EXE)
          --peer DIR           Apache Kafka, which looks at the data in the end (../shared/peers/kafka)
          --data DIR           where the data goes and stays (a temporary folder)
        """;

    /// <exception cref="CrashUsageException">An option is unknown, without value, or out of range.</exception>
    public static CrashOptions Parse(string[] args)
    {
        var options = new CrashOptions { ServingMax = TimeSpan.FromSeconds(2), Seed = Environment.TickCount };
        for (int i = 0; i < args.Length; i += 2)
        {
            string value = i + 1 < args.Length ? args[i + 1] : throw new CrashUsageException($"{args[i]} needs a value");
            options = args[i] switch
            {
                "--rounds" => options with { Rounds = Number(args[i], value, 1, Limits.RoundsMax) },
                "--clients" => options with { Clients = value.Split(',', StringSplitOptions.RemoveEmptyEntries) },
                "--preload-mib" => options with { PreloadMebibytes = Number(args[i], value, 0, Limits.PreloadMebibytesMax) },
                "--cleaning" => options with { IsCleaning = value switch { "on" => true, "off" => false, _ => throw new CrashUsageException("--cleaning is on or off") } },
                "--serving-max-ms" => options with { ServingMax = Number(args[i], value, 0, int.MaxValue) is > 0 and var ms ? TimeSpan.FromMilliseconds(ms) : null },
                "--seed" => options with { Seed = Number(args[i], value, int.MinValue, int.MaxValue) },
                "--node" => options with { Executable = value },
                "--peer" => options with { Peer = value },
                "--data" => options with { Folder = value },
                _ => throw new CrashUsageException($"no option \"{args[i]}\""),
            };
        }

        return options;
    }

    private static int Number(string option, string value, int min, int max) =>
        int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= min && number <= max
            ? number
            : throw new CrashUsageException($"{option} is a number from {min} to {max}, not \"{value}\"");
}
