using Moldau.Simulation.Nodes;

namespace Moldau.Simulation.Upkeep;

/// <summary>The seeds of a node that looks after its logs, which every build plays. <c>MOLDAU_SEEDS</c> and <c>MOLDAU_FIRST_SEED</c> set how many, and where they begin.</summary>
public sealed class UpkeepTests
{
    private static int SeedCount => NodeTests.SeedCount * 2 / 5;

    [Fact]
    public void A_node_that_looks_after_its_logs_loses_nothing_whatever_goes_wrong()
    {
        int cleaned = 0;
        SortedDictionary<ulong, Exception> failures = Seeds.PlayAll(NodeTests.FirstSeed, SeedCount, seed =>
        {
            if (UpkeepScenario.Play(seed, PlantedBugs.None).Cleaned > 0) Interlocked.Increment(ref cleaned);
        });
        IEnumerable<string> lines = failures.Take(20).Select(static failure => $"{failure.Value.Message}{Environment.NewLine}  {Replay.Command(failure.Key, "upkeep")}");
        Assert.True(failures.Count == 0, $"{failures.Count} of {SeedCount} seeds fail:{Environment.NewLine}{string.Join(Environment.NewLine, lines)}");
        Assert.True(cleaned * 4 >= SeedCount, $"in {cleaned} of {SeedCount} seeds only was anything cleaned");
    }

    [Fact]
    public void The_same_seed_gives_the_same_trace()
    {
        for (ulong seed = 1; seed <= 5; seed++) Assert.Equal(UpkeepScenario.Play(seed), UpkeepScenario.Play(seed));
    }
}
