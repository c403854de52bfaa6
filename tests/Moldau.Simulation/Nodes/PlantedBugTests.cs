using Moldau.Simulated;

namespace Moldau.Simulation.Nodes;

/// <summary>The checks are worth something: a node that is broken on purpose is found out within the seeds that every build plays.</summary>
public sealed class PlantedBugTests
{
    [Fact]
    public void An_acknowledgement_before_the_sync_is_found() => Find(PlantedBugs.AcknowledgeBeforeSync);

    [Fact]
    public void A_torn_tail_that_is_left_in_the_log_is_found() => Find(PlantedBugs.SkipTruncation);

    [Fact]
    public void A_forgotten_sequence_is_found() => Find(PlantedBugs.ForgetSequences);

    [Fact]
    public void A_lost_group_offset_is_found() => Find(PlantedBugs.LoseGroupOffset);

    internal static (ulong Seed, Exception Failure) Find(PlantedBugs bug)
    {
        (ulong Seed, Exception Failure)? found = Seeds.PlayUntilFailure(NodeTests.FirstSeed, NodeTests.SeedCount, seed => NodeScenario.Play(seed, bug));
        Assert.NotNull(found);
        Assert.IsType<SimulationException>(found.Value.Failure);
        return found.Value;
    }
}
