using System.Globalization;
using Moldau.Simulated;
using Moldau.Simulation.Nodes;
using Moldau.Simulation.Upkeep;
using Moldau.Simulation.World;

namespace Moldau.Simulation;

/// <summary>Plays one seed of a scenario again, with its trace as lines, or many to see which fail.</summary>
internal static class Replay
{
    public const string DefaultScenario = "node";

    private static readonly SortedDictionary<string, Func<ulong, Action<string>?, ulong>> Scenarios = new(StringComparer.Ordinal)
    {
        ["echo"] = EchoScenario.Play,
        ["node"] = NodeScenario.Play,
        ["upkeep"] = UpkeepScenario.Play,
        ["upkeep-swap-without-sync"] = Upkeep(PlantedBugs.SwapWithoutSync),
        ["upkeep-tombstone-dropped-early"] = Upkeep(PlantedBugs.TombstoneDroppedEarly),
        ["upkeep-index-entry-off-by-one"] = Upkeep(PlantedBugs.IndexEntryOffByOne),
        ["upkeep-cleaner-loses-producer-state"] = Upkeep(PlantedBugs.CleanerLosesProducerState),
        ["upkeep-recovery-point-before-data"] = Upkeep(PlantedBugs.RecoveryPointBeforeData),
        ["upkeep-cleaned-offset-before-data"] = Upkeep(PlantedBugs.CleanedOffsetBeforeData),
        ["upkeep-move-without-sync"] = Upkeep(PlantedBugs.MoveWithoutSync),
        ["upkeep-forget-deleted-records"] = Upkeep(PlantedBugs.ForgetDeletedRecords),
        ["upkeep-drop-segment-in-use"] = Upkeep(PlantedBugs.DropSegmentInUse),
        ["upkeep-retry-failed-flush"] = Upkeep(PlantedBugs.RetryFailedFlush),
        ["upkeep-commit-metadata-before-sync"] = Upkeep(PlantedBugs.CommitMetadataBeforeSync),
        ["upkeep-snapshot-without-configs"] = Upkeep(PlantedBugs.SnapshotWithoutConfigs),
        ["upkeep-keep-log-of-deleted-topic"] = Upkeep(PlantedBugs.KeepLogOfDeletedTopic),
        ["node-acknowledge-before-sync"] = (seed, lines) => NodeScenario.Play(seed, PlantedBugs.AcknowledgeBeforeSync, lines),
        ["node-skip-truncation"] = (seed, lines) => NodeScenario.Play(seed, PlantedBugs.SkipTruncation, lines),
        ["node-forget-sequences"] = (seed, lines) => NodeScenario.Play(seed, PlantedBugs.ForgetSequences, lines),
        ["node-lose-group-offset"] = (seed, lines) => NodeScenario.Play(seed, PlantedBugs.LoseGroupOffset, lines),
    };

    /// <summary>The command that plays a seed again, for people to copy.</summary>
    public static string Command(ulong seed, string scenario = DefaultScenario) => $"dotnet run --project tests/Moldau.Simulation -- replay {seed} {scenario}";

    /// <summary><c>replay SEED [SCENARIO]</c>. Exit code 0 when the scenario passes, 1 when the seed fails again, 2 for arguments that make no sense.</summary>
    public static int Run(string[] arguments, TextWriter output)
    {
        if (arguments.Length is 0 or > 2 || !TryRead(arguments[0], out ulong seed) || Find(arguments, 1) is not { } play) return Usage(output);
        try
        {
            output.WriteLine($"trace hash {play(seed, output.WriteLine):x16}");
            return 0;
        }
        catch (SimulationException found)
        {
            output.WriteLine(found);
            return 1;
        }
    }

    /// <summary><c>explore FIRST COUNT [SCENARIO]</c>. Exit codes as <see cref="Run"/>.</summary>
    public static int Explore(string[] arguments, TextWriter output)
    {
        if (arguments.Length is < 2 or > 3 || !TryRead(arguments[0], out ulong first) || !TryRead(arguments[1], out ulong count) || Find(arguments, 2) is not { } play) return Usage(output);
        SortedDictionary<ulong, Exception> failures = Seeds.PlayAll(first, (int)count, seed => play(seed, null));
        foreach ((ulong _, Exception failure) in failures) output.WriteLine(failure.Message);
        output.WriteLine($"{count} seeds, {failures.Count} failed");
        return failures.Count == 0 ? 0 : 1;
    }

    private static Func<ulong, Action<string>?, ulong> Upkeep(PlantedBugs planted) => (seed, lines) => UpkeepScenario.Play(seed, planted, lines).Hash;

    private static int Usage(TextWriter output)
    {
        output.WriteLine($"usage: replay SEED [SCENARIO] | explore FIRST COUNT [SCENARIO]   scenarios: {string.Join(", ", Scenarios.Keys)}");
        return 2;
    }

    private static bool TryRead(string text, out ulong number) => ulong.TryParse(text, CultureInfo.InvariantCulture, out number);

    private static Func<ulong, Action<string>?, ulong>? Find(string[] arguments, int index) =>
        Scenarios.GetValueOrDefault(arguments.Length > index ? arguments[index] : DefaultScenario);
}
