using System.Globalization;

namespace Moldau.Simulation.Nodes;

/// <summary>
/// The seeds that every build plays. <c>MOLDAU_SEEDS</c> sets how many, <c>MOLDAU_FIRST_SEED</c> where they begin: a nightly run takes others.
/// </summary>
public sealed class NodeTests
{
    internal static int SeedCount => (int)Setting("MOLDAU_SEEDS", 500);

    internal static ulong FirstSeed => (ulong)Setting("MOLDAU_FIRST_SEED", 1);

    [Fact]
    public void A_node_keeps_what_it_promised_whatever_goes_wrong()
    {
        SortedDictionary<ulong, Exception> failures = Seeds.PlayAll(FirstSeed, SeedCount, static seed => NodeScenario.Play(seed));
        if (failures.Count == 0) return;
        IEnumerable<string> lines = failures.Take(20).Select(static failure => $"{failure.Value.Message}{Environment.NewLine}  {Replay.Command(failure.Key)}");
        Assert.Fail($"{failures.Count} of {SeedCount} seeds fail:{Environment.NewLine}{string.Join(Environment.NewLine, lines)}");
    }

    [Fact]
    public void The_same_seed_gives_a_node_the_same_trace()
    {
        for (ulong seed = 1; seed <= 10; seed++) Assert.Equal(NodeScenario.Play(seed), NodeScenario.Play(seed));
    }

    [Fact]
    public void A_node_has_the_same_trace_in_another_process()
    {
        (int exit, string output) = OwnProcess.Run("replay", "3", "node");
        Assert.Equal(0, exit);
        Assert.Contains($"trace hash {NodeScenario.Play(3):x16}", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_seed_that_fails_says_how_it_is_played_again()
    {
        (ulong seed, _) = PlantedBugTests.Find(PlantedBugs.LoseGroupOffset);
        (int exit, string output) = OwnProcess.Run("replay", seed.ToString(CultureInfo.InvariantCulture), "node-lose-group-offset");
        Assert.Equal(1, exit);
        Assert.Contains($"seed {seed}:", output, StringComparison.Ordinal);
    }

    private static long Setting(string name, long otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? long.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
