using Moldau.Simulated.Disk;
using Moldau.Storage.Files;

namespace Moldau.Storage.Tests.Lives;

/// <summary>
/// One life of a store with everything in it. The power is cut at each write and sync of it, or the process killed, and at each the disk fails: then the store is opened, and what was
/// acknowledged is there. In shards, each of which takes the operations of its remainder.
/// </summary>
public sealed class StoreLifeTests
{
    private const ulong Seed = 12;
    private const int Steps = 180;
    private const int Shards = 4;

    private static readonly string[] Everything = ["checkpoint", "clean", "create", "delete", "delete records", "move", "remove", "restart", "retention", "roll"];

    public static TheoryData<int> AllShards => [.. Enumerable.Range(0, Shards)];

    public static TheoryData<DiskFailure, int> AllFailures
    {
        get
        {
            var all = new TheoryData<DiskFailure, int>();
            foreach (DiskFailure failure in new[] { DiskFailure.Io, DiskFailure.Full, DiskFailure.Flush })
            {
                for (int shard = 0; shard < Shards; shard++) all.Add(failure, shard);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(AllShards))]
    public async Task After_a_power_cut_at_any_operation_everything_acknowledged_is_there(int shard)
    {
        foreach (LifeImage image in await RecordAsync(shard))
        {
            for (ulong fate = 0; fate < 2; fate++)
            {
                SimulatedDisk disk = image.Disk.Clone((ulong)image.Operation.Number * 31 + fate);
                disk.PowerCut();
                await LifeAudit.AssertRecoversAsync(disk, image.Promises, $"power cut at {image.Operation}, fate {fate}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(AllShards))]
    public async Task After_a_kill_at_any_operation_everything_acknowledged_is_there(int shard)
    {
        foreach (LifeImage image in await RecordAsync(shard))
        {
            SimulatedDisk disk = image.Disk.Clone(1);
            disk.Kill();
            await LifeAudit.AssertRecoversAsync(disk, image.Promises, $"killed at {image.Operation}");
        }
    }

    [Theory]
    [MemberData(nameof(AllFailures))]
    public async Task Where_the_disk_fails_its_directory_alone_goes_offline_and_nothing_acknowledged_is_lost(DiskFailure failure, int shard)
    {
        int failed = 0;
        for (int at = 1 + shard; ; at += Shards)
        {
            var life = new StoreLife(Seed);
            DiskOperation? struck = null;
            int operation = 0;
            life.Disk.Faults.Rule = candidate =>
            {
                bool isFlush = candidate.Kind is DiskOperationKind.Flush or DiskOperationKind.FlushDirectory;
                if (struck is not null || candidate.Kind == DiskOperationKind.Read || isFlush != (failure == DiskFailure.Flush) || ++operation != at) return null;
                struck = candidate;
                return failure;
            };
            await life.RunAsync(Steps, images: false);
            if (struck is not { } broken) break;
            string where = $"{failure} at {broken}";
            AssertOffline(life, broken, failure, where);
            // A removal that fails is tried again with the next start, and no danger to a log.
            if (life.Failures.Count > 0) failed++;
            LifePromise[] promises = life.Promises();
            SimulatedDisk disk = life.Disk.Clone((ulong)at);
            disk.PowerCut();
            await LifeAudit.AssertRecoversAsync(disk, promises, where);
        }

        Assert.True(failed > 20, $"{failed} failures");
    }

    [Theory]
    [InlineData("AcknowledgesBeforeSync")]
    [InlineData("SwapWithoutSync")]
    [InlineData("MoveWithoutSync")]
    [InlineData("DropsSegmentInUse")]
    [InlineData("ForgetsDeletedRecords")]
    public async Task A_planted_fault_is_found(string fault)
    {
        PlantedStorageBugs planted = Planted(fault);
        foreach (ulong seed in new[] { Seed, 4ul, 7ul, 13ul })
        {
            var life = new StoreLife(seed, planted);
            await life.RunAsync(Steps, images: true);
            foreach (LifeImage image in life.Images)
            {
                SimulatedDisk disk = image.Disk.Clone((ulong)image.Operation.Number * 31);
                disk.PowerCut();
                try
                {
                    await LifeAudit.AssertRecoversAsync(disk, image.Promises, "", planted);
                }
                catch (Xunit.Sdk.XunitException)
                {
                    return;
                }
            }
        }

        Assert.Fail($"{fault} goes unnoticed");
    }

    private static PlantedStorageBugs Planted(string fault) => fault switch
    {
        "AcknowledgesBeforeSync" => new() { AcknowledgesBeforeSync = true },
        "SwapWithoutSync" => new() { SwapWithoutSync = true },
        "MoveWithoutSync" => new() { MoveWithoutSync = true },
        "DropsSegmentInUse" => new() { DropsSegmentInUse = true },
        _ => new() { ForgetsDeletedRecords = true },
    };

    private static void AssertOffline(StoreLife life, DiskOperation broken, DiskFailure failure, string where)
    {
        foreach ((string directory, Exception cause) in life.Failures)
        {
            Assert.True(broken.Path == "/" || broken.Path == directory || broken.Path.StartsWith(directory + "/", StringComparison.Ordinal), $"{where}: {directory} is offline: {cause}");
            DiskException told = Assert.IsType<DiskException>(cause);
            Assert.Equal((failure, broken.Path), (told.Failure, told.Path));
            Assert.Contains(broken.Path, told.Message, StringComparison.Ordinal);
        }
    }

    private static async Task<IEnumerable<LifeImage>> RecordAsync(int shard)
    {
        var life = new StoreLife(Seed);
        await life.RunAsync(Steps, images: true);
        Assert.Equal(Everything, life.Seen);
        Assert.True(life.Images.Count > 500, $"{life.Images.Count} operations");
        return life.Images.Where(image => image.Operation.Number % Shards == shard);
    }
}
