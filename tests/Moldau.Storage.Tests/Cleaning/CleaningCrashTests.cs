using Moldau.Protocol;
using Moldau.Simulated.Disk;
using Moldau.Storage.Files;
using Moldau.Storage.Producers;
using Moldau.Storage.Tests.Crash;

namespace Moldau.Storage.Tests.Cleaning;

/// <summary>The power is cut at every operation of a life with cleanings; then the log is opened. What a disk does that fails is in <see cref="Lives.StoreLifeTests"/>.</summary>
public sealed class CleaningCrashTests
{
    public static TheoryData<ulong> Seeds => CrashSeeds.All;

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task After_a_power_cut_at_any_moment_the_newest_acknowledged_value_of_each_key_is_there(ulong seed)
    {
        var workload = new CleaningWorkload(seed);
        await workload.Run(steps: 120);
        Assert.True(workload.Cleanings > 0 && workload.Images.Count > 300, $"{workload.Cleanings} cleanings, {workload.Images.Count} operations");
        foreach (CleaningImage image in workload.Images)
        {
            for (ulong fate = 0; fate < 2; fate++)
            {
                SimulatedDisk disk = image.Disk.Clone(seed * 1_000_003 + (ulong)image.Operation * 7 + fate);
                disk.PowerCut();
                await AssertRecovers(disk, image.Promise, null, $"seed {seed}, operation {image.Operation}, fate {fate}");
            }
        }
    }

    [Theory]
    [InlineData(12)]
    public async Task A_second_cut_while_a_swap_is_completed_loses_nothing_either(ulong seed)
    {
        var workload = new CleaningWorkload(seed);
        await workload.Run(steps: 120);
        int seen = 0;
        foreach (CleaningImage image in workload.Images.Where(static image => image.Disk.ListFiles("/data/t-0").Any(static name => name.EndsWith(".swap", StringComparison.Ordinal))).Where(static (_, index) => index % 5 == 0))
        {
            for (long cut = 1; cut < 40; cut += 2)
            {
                SimulatedDisk disk = image.Disk.Clone(seed + (ulong)image.Operation);
                disk.PowerCut();
                disk.CutAt(disk.OperationCount + cut);
                bool finished = await OpensBeforeTheCut(disk);
                disk.PowerCut();
                await AssertRecovers(disk, image.Promise, null, $"seed {seed}, operation {image.Operation}, second cut {cut}");
                seen++;
                if (finished) break;
            }
        }

        Assert.True(seen > 50, $"{seen} cuts");
    }

    [Theory]
    [InlineData("SwapWithoutSync")]
    [InlineData("CleanedOffsetBeforeData")]
    [InlineData("IndexEntryOffByOne")]
    [InlineData("CleanerLosesProducerState")]
    [InlineData("TombstoneDroppedEarly")]
    public async Task A_planted_fault_is_found(string fault)
    {
        var planted = new PlantedStorageBugs
        {
            SwapWithoutSync = fault == "SwapWithoutSync",
            CleanedOffsetBeforeData = fault == "CleanedOffsetBeforeData",
            IndexEntryOffByOne = fault == "IndexEntryOffByOne",
            CleanerLosesProducerState = fault == "CleanerLosesProducerState",
            TombstoneDroppedEarly = fault == "TombstoneDroppedEarly",
        };
        for (ulong seed = 1; seed < 20; seed++)
        {
            var workload = new CleaningWorkload(seed, planted);
            await workload.Run(steps: 120);
            foreach (CleaningImage image in workload.Images)
            {
                SimulatedDisk disk = image.Disk.Clone(seed * 1_000_003 + (ulong)image.Operation);
                disk.PowerCut();
                try
                {
                    await AssertRecovers(disk, image.Promise, planted, "");
                }
                catch (Xunit.Sdk.XunitException)
                {
                    return;
                }
            }
        }

        Assert.Fail($"{fault} goes unnoticed");
    }

    private static async Task<bool> OpensBeforeTheCut(SimulatedDisk disk)
    {
        try
        {
            TestStore store = await TestStore.Open(disk, "/data", CleaningWorkload.Config);
            await store.Close();
            return true;
        }
        catch (Simulated.PowerCutException)
        {
            return false;
        }
    }

    private static async Task AssertRecovers(SimulatedDisk disk, CleaningPromise promise, PlantedStorageBugs? planted, string where)
    {
        try
        {
            DateTimeOffset now = DateTimeOffset.FromUnixTimeMilliseconds(promise.NowMs);
            await using (TestStore store = await TestStore.Open(disk, "/data", CleaningWorkload.Config, now: now, planted: planted))
            {
                Assert.Empty(store.Failures);
                PartitionLog? log = store.Logs.Find(new TopicPartition("t", 0));
                Assert.True(log is not null || promise.Acknowledged == 0, "the log is gone");
                if (log is null) return;
                CleaningAudit.AssertAll(log, promise);
                // Cleaned again it still holds, also after a restart that has to read everything.
                log.Roll();
                log.RequestFlush();
                log.SetHighWatermark(log.LogEndOffset);
                await store.Clean();
                CleaningAudit.AssertAll(log, promise);
                await store.Close(clean: false);
            }

            await using TestStore again = await TestStore.Open(disk, "/data", CleaningWorkload.Config, now: now, planted: planted);
            CleaningAudit.AssertAll(again["t", 0], promise);
        }
        catch (Exception failure) when (planted is null)
        {
            Assert.Fail($"{where}: {failure}");
        }
    }
}
