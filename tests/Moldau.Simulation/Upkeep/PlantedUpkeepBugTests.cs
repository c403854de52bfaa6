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
    public void A_swap_without_a_sync_is_found() => Find(PlantedBugs.SwapWithoutSync, 13);

    [Fact]
    public void A_tombstone_that_is_dropped_early_is_found() => Find(PlantedBugs.TombstoneDroppedEarly, 4);

    [Fact]
    public void An_index_entry_that_is_off_by_one_is_found() => Find(PlantedBugs.IndexEntryOffByOne, 8);

    [Fact]
    public void A_cleaner_that_loses_producers_is_found() => Find(PlantedBugs.CleanerLosesProducerState, 9);

    [Fact]
    public void A_recovery_point_that_is_written_before_its_data_is_found() => Find(PlantedBugs.RecoveryPointBeforeData, 45);

    [Fact]
    public void A_cleaning_that_is_noted_before_it_is_done_is_found() => Find(PlantedBugs.CleanedOffsetBeforeData, 22);

    [Fact]
    public void A_log_that_is_moved_before_it_is_on_the_disk_is_found() => Find(PlantedBugs.MoveWithoutSync, 10);

    [Fact]
    public void A_failed_flush_that_counts_as_done_is_found() => Find(PlantedBugs.RetryFailedFlush, 30);

    [Fact]
    public void A_deletion_of_records_that_a_crash_takes_back_is_found() => Find(PlantedBugs.ForgetDeletedRecords, 15);

    [Fact]
    public void A_segment_that_is_removed_while_its_records_count_is_found() => Find(PlantedBugs.DropSegmentInUse, 5);

    [Fact]
    public void A_metadata_snapshot_without_configurations_is_found() => Find(PlantedBugs.SnapshotWithoutConfigs, 6);

    [Fact]
    public void A_log_that_outlives_its_topic_is_found() => Find(PlantedBugs.KeepLogOfDeletedTopic, 27);

    [Fact]
    public void Metadata_that_count_before_they_are_durable_are_found() => Find(PlantedBugs.CommitMetadataBeforeSync, 22);

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
