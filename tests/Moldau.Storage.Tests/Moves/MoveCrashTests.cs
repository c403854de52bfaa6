using Moldau.Simulated.Disk;
using Moldau.Storage.Files;
using Moldau.Storage.Tests.Crash;

namespace Moldau.Storage.Tests.Moves;

/// <summary>A log is moved between directories, and the power is cut, the process killed, or the disk fails at each operation of it.</summary>
public sealed class MoveCrashTests
{
    [Fact]
    public async Task After_a_power_cut_at_any_moment_one_log_has_every_acknowledged_record()
    {
        foreach ((long operation, SimulatedDisk image, LogPromise promise) in await RecordAsync(FlushPolicy.Fsync))
        {
            for (ulong fate = 0; fate < 3; fate++)
            {
                SimulatedDisk disk = image.Clone((ulong)operation * 31 + fate);
                disk.PowerCut();
                await MoveWorkload.AssertKeptAsync(disk, promise, $"operation {operation}, fate {fate}");
            }
        }
    }

    [Theory]
    [InlineData(FlushPolicy.Fsync)]
    [InlineData(FlushPolicy.PageCache)]
    public async Task After_a_kill_at_any_moment_one_log_has_every_acknowledged_record(FlushPolicy policy)
    {
        foreach ((long operation, SimulatedDisk image, LogPromise promise) in await RecordAsync(policy))
        {
            SimulatedDisk disk = image.Clone(1);
            disk.Kill();
            await MoveWorkload.AssertKeptAsync(disk, promise, $"operation {operation}");
        }
    }

    [Theory]
    [InlineData("/", DiskFailure.Io, false)]
    [InlineData("/one", DiskFailure.Io, true)]
    [InlineData("/two", DiskFailure.Full, true)]
    [InlineData("/two", DiskFailure.Flush, false)]
    [InlineData("/two", DiskFailure.Io, true)]
    public async Task When_the_disk_fails_at_any_operation_nothing_acknowledged_is_lost(string directory, DiskFailure failure, bool forGood)
    {
        long operations = (await RecordAsync(FlushPolicy.Fsync))[^1].Operation;
        for (long at = 1; at <= operations; at++)
        {
            var disk = new SimulatedDisk((ulong)at);
            long broken = at;
            disk.Faults.Rule = operation => operation.Kind != DiskOperationKind.Read && operation.Path.StartsWith(directory, StringComparison.Ordinal)
                && (operation.Number == broken || (forGood && operation.Number > broken)) ? failure : null;
            var workload = new MoveWorkload(disk);
            try
            {
                await workload.RunAsync();
            }
            catch (IOException)
            {
                // No directory was left to open.
            }

            LogPromise promise = workload.Promise();
            disk.Faults.Clear();
            disk.PowerCut();
            await MoveWorkload.AssertKeptAsync(disk, promise, $"{directory} fails with {failure} at operation {at}");
        }
    }

    private static async Task<List<(long Operation, SimulatedDisk Disk, LogPromise Promise)>> RecordAsync(FlushPolicy policy)
    {
        var disk = new SimulatedDisk(1);
        var workload = new MoveWorkload(disk, policy);
        List<(long, SimulatedDisk, LogPromise)> images = [];
        disk.BeforeOperation += operation =>
        {
            if (operation.Kind != DiskOperationKind.Read) images.Add((operation.Number, disk.Clone(1), workload.Promise()));
        };
        await workload.RunAsync();
        Assert.True(images.Count > 200, $"only {images.Count} operations");
        return images;
    }
}
