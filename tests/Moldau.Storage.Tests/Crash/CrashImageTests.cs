using Moldau.Protocol;
using Moldau.Simulated.Disk;

namespace Moldau.Storage.Tests.Crash;

/// <summary>The power is cut, or the process killed, at every write and sync of a recorded workload; then the logs are opened.</summary>
public sealed class CrashImageTests
{
    private static readonly LogConfig Small = new() { SegmentBytes = 1200, IndexIntervalBytes = 150, RetentionMs = -1, FileDeleteDelayMs = 0 };

    public static TheoryData<ulong> Seeds => CrashSeeds.All;

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task After_a_power_cut_at_any_moment_every_acknowledged_record_is_there(ulong seed)
    {
        List<CrashImage> images = await new CrashWorkload(seed).Run(steps: 60);
        Assert.True(images.Count > 200, $"only {images.Count} operations");
        foreach (CrashImage image in images)
        {
            for (ulong fate = 0; fate < 3; fate++)
            {
                SimulatedDisk disk = image.Disk.Clone(seed * 1_000_003 + (ulong)image.Operation * 7 + fate);
                disk.PowerCut();
                await AssertRecovers(disk, image, $"seed {seed}, operation {image.Operation}, fate {fate}");
            }
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(6)]
    public async Task After_a_kill_at_any_moment_everything_appended_is_there(ulong seed)
    {
        foreach (CrashImage image in await new CrashWorkload(seed).Run(steps: 60))
        {
            SimulatedDisk disk = image.Disk.Clone(seed);
            disk.Kill();
            await AssertRecovers(disk, image, $"seed {seed}, operation {image.Operation}");
        }
    }

    [Fact]
    public async Task With_preallocated_segments_every_acknowledged_record_is_there_too()
    {
        foreach (CrashImage image in await new CrashWorkload(11, preallocate: true).Run(steps: 60))
        {
            SimulatedDisk disk = image.Disk.Clone((ulong)image.Operation);
            disk.PowerCut();
            await AssertRecovers(disk, image, $"operation {image.Operation}");
        }
    }

    [Theory]
    [InlineData(7)]
    public async Task A_second_cut_during_recovery_loses_nothing_either(ulong seed)
    {
        List<CrashImage> images = await new CrashWorkload(seed).Run(steps: 40);
        foreach (CrashImage image in images.Where(static (_, index) => index % 9 == 0))
        {
            for (long cut = 1; cut < 60; cut += 3)
            {
                SimulatedDisk disk = image.Disk.Clone(seed + (ulong)image.Operation);
                disk.PowerCut();
                disk.CutAt(disk.OperationCount + cut);
                bool finished = await OpensBeforeTheCut(disk);
                disk.PowerCut();
                await AssertRecovers(disk, image, $"seed {seed}, operation {image.Operation}, second cut {cut}");
                if (finished) break;
            }
        }
    }

    [Theory]
    [InlineData(8)]
    [InlineData(9)]
    public async Task Without_fsync_what_was_flushed_is_there_and_the_log_opens(ulong seed)
    {
        foreach (CrashImage image in await new CrashWorkload(seed, FlushPolicy.PageCache).Run(steps: 60))
        {
            SimulatedDisk disk = image.Disk.Clone(seed + (ulong)image.Operation);
            disk.PowerCut();
            await AssertRecovers(disk, image, $"seed {seed}, operation {image.Operation}");
        }
    }

    private static async Task<bool> OpensBeforeTheCut(SimulatedDisk disk)
    {
        try
        {
            TestStore store = await TestStore.Open(disk, "/data", Small);
            await store.Close();
            return true;
        }
        catch (Simulated.PowerCutException)
        {
            return false;
        }
    }

    private static async Task AssertRecovers(SimulatedDisk disk, CrashImage image, string where)
    {
        try
        {
            await using (TestStore store = await TestStore.Open(disk, "/data", Small))
            {
                Assert.Empty(store.Failures);
                foreach (LogPromise promise in image.Promises)
                {
                    PartitionLog? log = store.Logs.Find(new TopicPartition(promise.Name, 0));
                    Assert.True(log is not null || promise.Acknowledged == 0, $"{promise.Name} is gone");
                    if (log is null) continue;
                    LogAudit.AssertKeeps(log, promise);
                    LogAudit.AssertConsistent(log, promise.Start == 0);
                    // It goes on where it ended, over a roll, and stops cleanly.
                    for (int i = 0; i < 3; i++) Assert.Equal(ErrorCode.None, log.AppendAsLeader(TestBatch.Sized(500), new AppendContext((LeaderEpoch)1000)).Error);
                    LogAudit.AssertConsistent(log, promise.Start == 0);
                }

                await store.Close();
            }

            await using TestStore again = await TestStore.Open(disk, "/data", Small);
            foreach (PartitionLog log in again.Logs.Logs) LogAudit.AssertConsistent(log, Array.Exists(image.Promises, promise => promise.Name == log.Partition.Topic && promise.Start == 0));
        }
        catch (Exception failure)
        {
            Assert.Fail($"{where}: {failure}");
        }
    }
}
