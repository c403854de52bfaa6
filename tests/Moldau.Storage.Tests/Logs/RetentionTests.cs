using Moldau.Protocol;
using Moldau.Simulated.Disk;

namespace Moldau.Storage.Tests.Logs;

public sealed class RetentionTests
{
    private static readonly AppendContext Client = new((LeaderEpoch)0);
    private static readonly long Now = TestStore.Epoch.ToUnixTimeMilliseconds();

    [Fact]
    public async Task Nothing_behind_the_high_watermark_is_removed()
    {
        await using TestStore store = await TestStore.Open(new SimulatedDisk(1), "/data");
        PartitionLog log = Filled(store, new LogConfig { SegmentBytes = 300, RetentionMs = 0 }, timestampMs: 1);
        log.SetHighWatermark((Offset)2);
        Assert.Equal(2, log.DeleteOldSegments());
        Assert.Equal(2, log.LogStartOffset.Value);
    }

    [Fact]
    public async Task Old_segments_go_and_offsets_go_on()
    {
        await using TestStore store = await TestStore.Open(new SimulatedDisk(1), "/data");
        PartitionLog log = Filled(store, new LogConfig { SegmentBytes = 300, RetentionMs = 1 }, timestampMs: Now - 1000);
        Assert.Equal(5, log.DeleteOldSegments());
        Assert.Equal((5L, 5L, 1), (log.LogStartOffset.Value, log.LogEndOffset.Value, log.SegmentCount));
        Assert.Equal(5, log.AppendAsLeader(TestBatch.Of(Now, "on"), Client).BaseOffset.Value);
    }

    [Fact]
    public async Task Young_segments_stay()
    {
        await using TestStore store = await TestStore.Open(new SimulatedDisk(1), "/data");
        PartitionLog log = Filled(store, new LogConfig { SegmentBytes = 300, RetentionMs = 2000 }, timestampMs: Now - 1000);
        Assert.Equal(0, log.DeleteOldSegments());
    }

    [Fact]
    public async Task Retention_bytes_keeps_at_least_so_many()
    {
        await using TestStore store = await TestStore.Open(new SimulatedDisk(1), "/data");
        PartitionLog log = Filled(store, new LogConfig { SegmentBytes = 300, RetentionBytes = 600, RetentionMs = -1 }, timestampMs: Now);
        log.DeleteOldSegments();
        Assert.InRange(log.SizeInBytes, 600, 900);
        Assert.Equal(log.Epochs[0].StartOffset, log.LogStartOffset.Value);
    }

    [Fact]
    public async Task Segments_below_a_raised_start_go_whatever_the_policy()
    {
        await using TestStore store = await TestStore.Open(new SimulatedDisk(1), "/data");
        PartitionLog log = Filled(store, new LogConfig { SegmentBytes = 300, RetentionMs = -1, Delete = false, Compact = true }, timestampMs: Now);
        Assert.Equal(ErrorCode.None, log.DeleteRecords((Offset)3));
        Assert.Equal(3, log.DeleteOldSegments());
        Assert.Equal(2, log.SegmentCount);
    }

    [Fact]
    public void Removed_files_stay_deleted_by_name_until_the_delay_is_over() => SimulatedStore.Run(async store =>
    {
        store.Logs.Start();
        PartitionLog log = Fill(store.Create("t", new LogConfig { SegmentBytes = 300, RetentionMs = 0, FileDeleteDelayMs = 1000 }), timestampMs: 1);
        log.DeleteOldSegments();
        Assert.Contains("00000000000000000000.log.deleted", store.Disk.ListFiles("/data/t-0"));
        Assert.Contains("00000000000000000001.snapshot.deleted", store.Disk.ListFiles("/data/t-0"));
        await store.Pass(TimeSpan.FromSeconds(2));
        Assert.DoesNotContain(store.Disk.ListFiles("/data/t-0"), static name => name.EndsWith(".deleted", StringComparison.Ordinal));
    });

    [Fact]
    public void The_check_runs_by_itself_once_the_store_is_started() => SimulatedStore.Run(
        async store =>
        {
            PartitionLog log = Fill(store.Create("t", new LogConfig { SegmentBytes = 300, RetentionMs = 0 }), timestampMs: 1);
            await store.Pass(TimeSpan.FromHours(1));
            Assert.Equal(0, log.LogStartOffset.Value);
            store.Logs.Start();
            await store.Pass(TimeSpan.FromMinutes(6));
            Assert.Equal(5, log.LogStartOffset.Value);
        },
        limit: TimeSpan.FromHours(3));

    private static PartitionLog Filled(TestStore store, LogConfig config, long timestampMs) => Fill(store.Create("t", config), timestampMs);

    private static PartitionLog Fill(PartitionLog log, long timestampMs)
    {
        for (int i = 0; i < 5; i++) log.AppendAsLeader(TestBatch.Sized(250, timestampMs), Client);
        log.SetHighWatermark(log.LogEndOffset);
        Assert.Equal(5, log.SegmentCount);
        return log;
    }
}
