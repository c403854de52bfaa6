using Moldau.Protocol;
using Moldau.Simulated.Disk;

namespace Moldau.Storage.Tests.Logs;

public sealed class RollTests
{
    private static readonly AppendContext Client = new((LeaderEpoch)0);

    [Fact]
    public async Task A_batch_larger_than_a_segment_is_refused()
    {
        await using TestStore store = await TestStore.Open(new SimulatedDisk(1), "/data");
        PartitionLog log = store.Create("t", new LogConfig { SegmentBytes = 500 });
        Assert.Equal(ErrorCode.RecordListTooLarge, log.AppendAsLeader(TestBatch.Sized(600), Client).Error);
    }

    [Fact]
    public async Task A_segment_is_rolled_before_it_exceeds_its_size()
    {
        await using TestStore store = await TestStore.Open(new SimulatedDisk(1), "/data");
        PartitionLog log = store.Create("t", new LogConfig { SegmentBytes = 1000 });
        for (int i = 0; i < 10; i++) log.AppendAsLeader(TestBatch.Sized(400), Client);
        Assert.Equal(5, log.SegmentCount);
        Assert.All(log.State.Segments, static segment => Assert.True(segment.Size <= 1000));
    }

    [Fact]
    public async Task A_segment_is_rolled_when_timestamps_span_segment_ms()
    {
        await using TestStore store = await TestStore.Open(new SimulatedDisk(1), "/data");
        PartitionLog log = store.Create("t", new LogConfig { SegmentMs = 1000 });
        log.AppendAsLeader(TestBatch.Of(10_000, "a"), Client);
        log.AppendAsLeader(TestBatch.Of(11_000, "b"), Client);
        Assert.Equal(1, log.SegmentCount);
        log.AppendAsLeader(TestBatch.Of(11_001, "c"), Client);
        Assert.Equal(2, log.SegmentCount);
    }

    [Fact]
    public async Task Records_without_timestamps_roll_by_the_clock()
    {
        await using TestStore store = await TestStore.Open(new SimulatedDisk(1), "/data");
        PartitionLog log = store.Create("t", new LogConfig { SegmentMs = 1000 });
        log.AppendAsFollower(TestBatch.At(0, 0, -1, "a"));
        store.Time.Advance(TimeSpan.FromMilliseconds(1001));
        log.AppendAsFollower(TestBatch.At(1, 0, -1, "b"));
        Assert.Equal(2, log.SegmentCount);
    }

    [Fact]
    public async Task A_full_index_rolls_the_segment()
    {
        await using TestStore store = await TestStore.Open(new SimulatedDisk(1), "/data");
        PartitionLog log = store.Create("t", new LogConfig { IndexIntervalBytes = 0, SegmentIndexBytes = 5 * 12 });
        for (int i = 0; i < 12; i++) log.AppendAsLeader(TestBatch.Of(1000 + i, "x"), Client);
        Assert.True(log.SegmentCount >= 3);
        Assert.All(log.State.Segments, static segment => Assert.True(segment.Times.All().Length <= 5 && segment.Offsets.All().Length <= 7));
    }

    [Fact]
    public async Task An_offset_too_far_from_the_segments_first_rolls_it()
    {
        await using TestStore store = await TestStore.Open(new SimulatedDisk(1), "/data");
        PartitionLog log = store.Create("t");
        log.AppendAsFollower(TestBatch.At(0, 0, 5, "a"));
        log.AppendAsFollower(TestBatch.At(int.MaxValue, 0, 5, "b"));
        Assert.Equal(1, log.SegmentCount);
        log.AppendAsFollower(TestBatch.At(int.MaxValue + 1L, 0, 5, "c"));
        Assert.Equal([0L, int.MaxValue + 1L], log.State.Segments.Select(static segment => segment.BaseOffset));
        Assert.Equal([0L, int.MaxValue, int.MaxValue + 1L], LogReading.Consume(log, log.LogEndOffset).Select(static record => record.Offset.Value));
    }

    [Fact]
    public async Task Roll_jitter_brings_the_roll_forward_by_less_than_the_jitter()
    {
        await using TestStore store = await TestStore.Open(new SimulatedDisk(1), "/data");
        PartitionLog log = store.Create("t", new LogConfig { SegmentMs = 1000, SegmentJitterMs = 500 });
        Assert.InRange(log.State.Active.RollJitterMs, 0, 499);
    }

    [Fact]
    public async Task A_rolled_segment_has_its_indexes_and_the_next_one_a_snapshot_on_disk()
    {
        var disk = new SimulatedDisk(1);
        await using TestStore store = await TestStore.Open(disk, "/data");
        PartitionLog log = store.Create("t", new LogConfig { SegmentBytes = 1000, IndexIntervalBytes = 100 });
        for (int i = 0; i < 4; i++) log.AppendAsLeader(TestBatch.Sized(400, timestampMs: 1000 + i), Client);
        disk.PowerCut();
        Assert.Equal(
            ["00000000000000000000.index", "00000000000000000000.log", "00000000000000000000.timeindex", "00000000000000000002.log", "00000000000000000002.snapshot"],
            disk.ListFiles("/data/t-0").Where(static name => name.StartsWith('0')));
        Assert.Equal((8L, 12L), (disk.FileLength("/data/t-0/00000000000000000000.index"), disk.FileLength("/data/t-0/00000000000000000000.timeindex")));
    }
}
