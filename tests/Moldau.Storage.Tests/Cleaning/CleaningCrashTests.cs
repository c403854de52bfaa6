using Moldau.Protocol;
using Moldau.Simulated.Disk;
using Moldau.Storage.Files;
using Moldau.Storage.Producers;
using Moldau.Storage.Tests.Crash;

namespace Moldau.Storage.Tests.Cleaning;

/// <summary>The power is cut, or the disk fails, at every operation of a life with cleanings; then the log is opened.</summary>
public sealed class CleaningCrashTests
{
    public static TheoryData<ulong> Seeds => CrashSeeds.All;

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task After_a_power_cut_at_any_moment_the_newest_acknowledged_value_of_each_key_is_there(ulong seed)
    {
        var workload = new CleaningWorkload(seed);
        await workload.Run(steps: 120, images: true);
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
    [InlineData(11)]
    public async Task After_a_kill_at_any_moment_everything_written_is_there(ulong seed)
    {
        var workload = new CleaningWorkload(seed);
        await workload.Run(steps: 120, images: true);
        foreach (CleaningImage image in workload.Images)
        {
            SimulatedDisk disk = image.Disk.Clone(seed);
            disk.Kill();
            await AssertRecovers(disk, image.Promise, null, $"seed {seed}, operation {image.Operation}");
        }
    }

    [Theory]
    [InlineData(12)]
    public async Task A_second_cut_while_a_swap_is_completed_loses_nothing_either(ulong seed)
    {
        var workload = new CleaningWorkload(seed);
        await workload.Run(steps: 120, images: true);
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
    [InlineData(DiskFailure.Io, 21)]
    [InlineData(DiskFailure.Full, 22)]
    [InlineData(DiskFailure.Flush, 23)]
    public async Task Wherever_the_disk_fails_nothing_acknowledged_is_lost(DiskFailure failure, ulong seed)
    {
        int failed = 0;
        for (long at = 1; ; at++)
        {
            var workload = new CleaningWorkload(seed);
            long operation = 0;
            bool struck = false;
            workload.Disk.Faults.Rule = candidate =>
            {
                bool flush = candidate.Kind is DiskOperationKind.Flush or DiskOperationKind.FlushDirectory;
                if (struck || candidate.Kind == DiskOperationKind.Read || flush != (failure == DiskFailure.Flush)) return null;
                if (++operation != at) return null;
                struck = true;
                return failure;
            };
            await workload.Run(steps: 60, images: false);
            if (!struck) break;
            if (!workload.Failed) continue; // a deletion that failed is no danger to the log
            failed++;
            CleaningPromise promise = workload.Promise();
            workload.Disk.Faults.Clear();
            SimulatedDisk disk = workload.Disk.Clone(seed + (ulong)at);
            if (at % 2 == 0) disk.PowerCut();
            else disk.Kill();
            if (disk.DirectoryExists("/data/t-0")) await AssertRecovers(disk, promise, null, $"{failure} at {at}");
        }

        Assert.True(failed > 50, $"{failed} failures");
    }

    [Theory]
    [InlineData("SwapWithoutSync")]
    [InlineData("RecoveryPointBeforeData")]
    [InlineData("CleanedOffsetBeforeData")]
    [InlineData("IndexEntryOffByOne")]
    [InlineData("CleanerLosesProducerState")]
    [InlineData("TombstoneDroppedEarly")]
    public async Task A_planted_fault_is_found(string fault)
    {
        var planted = new PlantedStorageBugs
        {
            SwapWithoutSync = fault == "SwapWithoutSync",
            RecoveryPointBeforeData = fault == "RecoveryPointBeforeData",
            CleanedOffsetBeforeData = fault == "CleanedOffsetBeforeData",
            IndexEntryOffByOne = fault == "IndexEntryOffByOne",
            CleanerLosesProducerState = fault == "CleanerLosesProducerState",
            TombstoneDroppedEarly = fault == "TombstoneDroppedEarly",
        };
        for (ulong seed = 1; seed < 20; seed++)
        {
            var workload = new CleaningWorkload(seed, planted);
            await workload.Run(steps: 120, images: true);
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
                Check(log, promise);
                // Cleaned again it still holds, also after a restart that has to read everything.
                log.Roll();
                log.RequestFlush();
                log.SetHighWatermark(log.LogEndOffset);
                await store.Clean();
                Check(log, promise);
                await store.Close(clean: false);
            }

            await using TestStore again = await TestStore.Open(disk, "/data", CleaningWorkload.Config, now: now, planted: planted);
            Check(again["t", 0], promise);
        }
        catch (Exception failure) when (planted is null)
        {
            Assert.Fail($"{where}: {failure}");
        }
    }

    private static void Check(PartitionLog log, CleaningPromise promise)
    {
        CleaningAudit.AssertKeeps(log, promise);
        CleaningAudit.AssertConsistent(log);
        CleaningAudit.AssertClean(log);
        CleaningAudit.AssertProducers(log, promise);
        CleaningAudit.AssertTombstones(log, promise);
    }
}
