using Moldau.Protocol;
using Moldau.Simulated.Disk;

namespace Moldau.Storage.Tests.Logs;

public sealed class PreallocationTests
{
    private static readonly AppendContext Client = new((LeaderEpoch)0);
    private static readonly LogConfig Preallocated = new() { SegmentBytes = 1000, Preallocate = true };

    [Fact]
    public async Task After_a_power_cut_the_unused_room_is_cut_off_and_no_record_with_it()
    {
        var disk = new SimulatedDisk(1);
        TestStore store = await TestStore.Open(disk, "/data");
        PartitionLog log = store.Create("t", Preallocated);
        for (int i = 0; i < 3; i++) log.AppendAsLeader(TestBatch.Of(5, $"v{i}"), Client);
        disk.PowerCut();
        await using TestStore again = await TestStore.Open(disk, "/data");
        Assert.Equal((3L, 3), (again["t", 0].LogEndOffset.Value, LogReading.Consume(again["t", 0], (Offset)3).Count));
        Assert.Equal(again["t", 0].SizeInBytes, disk.FileLength("/data/t-0/00000000000000000000.log"));
        Assert.Equal(3, again["t", 0].AppendAsLeader(TestBatch.Of(5, "on"), Client).BaseOffset.Value);
    }

    [Fact]
    public async Task A_segment_gets_its_full_size_at_once_and_gives_back_the_rest_as_it_is_closed()
    {
        var disk = new SimulatedDisk(1);
        TestStore store = await TestStore.Open(disk, "/data");
        PartitionLog log = store.Create("t", Preallocated);
        Assert.Equal(1000, disk.FileLength("/data/t-0/00000000000000000000.log"));
        log.AppendAsLeader(TestBatch.Sized(600), Client);
        Assert.InRange(log.SizeInBytes, 500, 700);
        log.AppendAsLeader(TestBatch.Sized(600), Client);
        Assert.InRange(disk.FileLength("/data/t-0/00000000000000000000.log"), 500, 700);
        Assert.Equal(1000, disk.FileLength("/data/t-0/00000000000000000001.log"));
        await store.Close();
        Assert.InRange(disk.FileLength("/data/t-0/00000000000000000001.log"), 500, 700);
        await using TestStore again = await TestStore.Open(disk, "/data");
        Assert.Equal(2, LogReading.Consume(again["t", 0], (Offset)2).Count);
    }
}
