using Moldau.Simulated;
using Moldau.Simulation.Nodes;

namespace Moldau.Simulation.Upkeep;

/// <summary>
/// A node that is broken on purpose in how it looks after its logs is found out. Each bug has a seed that finds it; when a change has given that seed another course, the
/// seeds from 1 on are searched, and the one that is found is named, to be kept here.
/// </summary>
public sealed class PlantedUpkeepBugTests
{
    private const int SearchedSeeds = 400;

    [Fact]
    public void A_swap_without_a_sync_is_found() => Find(PlantedBugs.SwapWithoutSync, 27);

    [Fact]
    public void A_tombstone_that_is_dropped_early_is_found() => Find(PlantedBugs.TombstoneDroppedEarly, 36);

    [Fact]
    public void A_deletion_of_records_that_a_crash_takes_back_is_found() => Find(PlantedBugs.ForgetDeletedRecords, 16);

    [Fact]
    public void A_segment_that_is_removed_while_its_records_count_is_found() => Find(PlantedBugs.DropSegmentInUse, 39);

    [Fact]
    public void A_metadata_snapshot_without_configurations_is_found() => Find(PlantedBugs.SnapshotWithoutConfigs, 39);

    [Fact]
    public void A_log_that_outlives_its_topic_is_found() => Find(PlantedBugs.KeepLogOfDeletedTopic, 50);

    [Fact]
    public void Metadata_that_count_before_they_are_durable_are_found() => Find(PlantedBugs.CommitMetadataBeforeSync, 89);

    private static void Find(PlantedBugs bug, ulong kept)
    {
        (ulong Seed, Exception Failure)? found = Seeds.PlayUntilFailure(kept, 1, seed => UpkeepScenario.Play(seed, bug));
        if (found is null)
        {
            found = Seeds.PlayUntilFailure(1, SearchedSeeds, seed => UpkeepScenario.Play(seed, bug));
            TestContext.Current.TestOutputHelper?.WriteLine($"seed {kept} does not find it any more; seed {found?.Seed} does");
        }

        Assert.NotNull(found);
        Assert.IsType<SimulationException>(found.Value.Failure);
        // It is the bug that fails, and nothing else.
        UpkeepScenario.Play(found.Value.Seed);
    }
}
