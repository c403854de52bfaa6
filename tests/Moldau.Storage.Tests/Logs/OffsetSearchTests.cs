using Moldau.Protocol;
using Moldau.Protocol.Compression;
using Moldau.Simulated.Disk;
using Moldau.Storage.Epochs;

namespace Moldau.Storage.Tests.Logs;

public sealed class OffsetSearchTests
{
    private static readonly AppendContext Client = new((LeaderEpoch)2);

    [Fact]
    public async Task An_empty_log_has_no_record_at_any_time()
    {
        await using TestStore store = await TestStore.Open(new SimulatedDisk(1), "/data");
        PartitionLog log = store.Create("t");
        Assert.Null(log.OffsetForTimestamp(0));
        Assert.Null(log.OffsetOfMaxTimestamp());
        Assert.Equal(new TimestampedOffset(-1, Offset.Zero, LeaderEpoch.None), log.EarliestOffset);
    }

    [Fact]
    public async Task The_first_record_at_or_after_a_time_is_found_across_segments_and_codecs()
    {
        await using TestStore store = await TestStore.Open(new SimulatedDisk(1), "/data");
        PartitionLog log = store.Create("t", new LogConfig { SegmentBytes = 400, IndexIntervalBytes = 100 });
        for (int i = 0; i < 20; i++) log.AppendAsLeader(TestBatch.Compressed((CompressionType)(i % 5), 1000 + 10 * i, "a", "b"), Client);
        Assert.True(log.SegmentCount > 3);
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(new TimestampedOffset(1000 + 10 * i, (Offset)(2 * i), (LeaderEpoch)2), log.OffsetForTimestamp(1000 + 10 * i));
            Assert.Equal(new TimestampedOffset(1000 + 10 * i, (Offset)(2 * i), (LeaderEpoch)2), log.OffsetForTimestamp(1000 + 10 * i - 5));
        }

        Assert.Null(log.OffsetForTimestamp(1191));
    }

    [Fact]
    public async Task Times_that_go_back_are_found_too()
    {
        await using TestStore store = await TestStore.Open(new SimulatedDisk(1), "/data");
        PartitionLog log = store.Create("t", new LogConfig { SegmentBytes = 400, IndexIntervalBytes = 0 });
        foreach (long time in new long[] { 50, 10, 90, 20, 70, 95, 5 }) log.AppendAsLeader(TestBatch.Of(time, new string('x', 30)), Client);
        Assert.Equal(0, log.OffsetForTimestamp(40)!.Value.Offset.Value);
        Assert.Equal(2, log.OffsetForTimestamp(60)!.Value.Offset.Value);
        Assert.Equal(5, log.OffsetForTimestamp(91)!.Value.Offset.Value);
        Assert.Equal(new TimestampedOffset(95, (Offset)5, (LeaderEpoch)2), log.OffsetOfMaxTimestamp());
    }

    [Fact]
    public async Task Records_below_the_log_start_are_not_found()
    {
        await using TestStore store = await TestStore.Open(new SimulatedDisk(1), "/data");
        PartitionLog log = store.Create("t");
        log.AppendAsLeader(TestBatch.Of(10, "a", "b", "c"), Client);
        log.SetHighWatermark((Offset)3);
        log.DeleteRecords((Offset)2);
        Assert.Equal(2, log.OffsetForTimestamp(10)!.Value.Offset.Value);
        Assert.Equal(new TimestampedOffset(-1, (Offset)2, (LeaderEpoch)2), log.EarliestOffset);
    }

    [Fact]
    public async Task Epochs_tell_where_each_leader_began_and_ended()
    {
        await using TestStore store = await TestStore.Open(new SimulatedDisk(1), "/data");
        PartitionLog log = store.Create("t");
        Assert.Null(log.EndOffsetForEpoch((LeaderEpoch)0));
        foreach (int epoch in new[] { 1, 1, 4, 7 }) log.AppendAsLeader(TestBatch.Of(5, "x"), Client with { LeaderEpoch = (LeaderEpoch)epoch });
        Assert.Equal(new EpochStart((LeaderEpoch)0, 0), log.EndOffsetForEpoch((LeaderEpoch)0));
        Assert.Equal(new EpochStart((LeaderEpoch)1, 2), log.EndOffsetForEpoch((LeaderEpoch)1));
        Assert.Equal(new EpochStart((LeaderEpoch)1, 2), log.EndOffsetForEpoch((LeaderEpoch)3));
        Assert.Equal(new EpochStart((LeaderEpoch)4, 3), log.EndOffsetForEpoch((LeaderEpoch)5));
        Assert.Equal(new EpochStart((LeaderEpoch)7, 4), log.EndOffsetForEpoch((LeaderEpoch)7));
        Assert.Null(log.EndOffsetForEpoch((LeaderEpoch)8));
        Assert.Null(log.EndOffsetForEpoch(LeaderEpoch.None));
        Assert.Equal((1, 4, 7), (log.EpochForOffset((Offset)1).Value, log.EpochForOffset((Offset)2).Value, log.EpochForOffset((Offset)9).Value));
    }
}
