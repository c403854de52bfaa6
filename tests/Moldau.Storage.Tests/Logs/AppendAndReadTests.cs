using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Simulated.Disk;

namespace Moldau.Storage.Tests.Logs;

public sealed class AppendAndReadTests
{
    private static readonly AppendContext Client = new((LeaderEpoch)3);
    private static readonly AppendContext Coordinator = new((LeaderEpoch)3, AppendOrigin.Coordinator);

    [Fact]
    public async Task Reading_below_the_start_or_behind_the_end_is_out_of_range()
    {
        await using TestStore store = await TestStore.Open(new SimulatedDisk(1), "/data");
        PartitionLog log = store.Create("t");
        log.AppendAsLeader(TestBatch.Of(5, "a", "b", "c"), Client);
        log.SetHighWatermark((Offset)3);
        Assert.Equal(ErrorCode.None, log.DeleteRecords((Offset)2));
        Assert.Equal(ErrorCode.OffsetOutOfRange, log.Read((Offset)1, 100, (Offset)3, false).Error);
        Assert.Equal(ErrorCode.OffsetOutOfRange, log.Read((Offset)4, 100, (Offset)3, false).Error);
        Assert.Equal(ErrorCode.None, log.Read((Offset)3, 100, (Offset)3, false).Error);
    }

    [Fact]
    public async Task Deleting_records_behind_the_high_watermark_is_refused()
    {
        await using TestStore store = await TestStore.Open(new SimulatedDisk(1), "/data");
        PartitionLog log = store.Create("t");
        log.AppendAsLeader(TestBatch.Of(5, "a", "b", "c"), Client);
        log.SetHighWatermark((Offset)1);
        Assert.Equal(ErrorCode.OffsetOutOfRange, log.DeleteRecords((Offset)2));
        Assert.Equal(0, log.LogStartOffset.Value);
    }

    [Fact]
    public async Task A_refused_batch_leaves_no_trace()
    {
        await using TestStore store = await TestStore.Open(new SimulatedDisk(1), "/data");
        PartitionLog log = store.Create("t");
        byte[] damaged = TestBatch.Of(5, "a");
        damaged[^1] ^= 1;
        AppendResult result = log.AppendAsLeader(damaged, Client);
        Assert.Equal(ErrorCode.CorruptMessage, result.Error);
        Assert.Equal(-1, result.BaseOffset.Value);
        Assert.Equal(0, log.LogEndOffset.Value);
        Assert.Equal(0, store.Appends);
    }

    [Fact]
    public async Task An_append_is_one_write_and_one_flush_of_the_log_file()
    {
        var disk = new SimulatedDisk(1);
        await using TestStore store = await TestStore.Open(disk, "/data");
        PartitionLog log = store.Create("t");
        log.AppendAsLeader(TestBatch.Of(5, "first"), Client);
        var operations = new List<(DiskOperationKind, string)>();
        disk.BeforeOperation += operation => operations.Add((operation.Kind, Path.GetFileName(operation.Path)));
        log.AppendAsLeader(TestBatch.Of(5, "a", "b"), Client);
        Assert.Equal([(DiskOperationKind.Write, "00000000000000000000.log"), (DiskOperationKind.Flush, "00000000000000000000.log")], operations);
        Assert.Equal(3, log.FlushedOffset.Value);
        Assert.Equal([log, log], store.Flushes);
    }

    [Fact]
    public async Task The_first_append_makes_names_topic_id_and_epoch_durable_too()
    {
        var disk = new SimulatedDisk(1);
        await using TestStore store = await TestStore.Open(disk, "/data");
        PartitionLog log = store.Create("t");
        log.AppendAsLeader(TestBatch.Of(5, "a"), Client);
        disk.PowerCut();
        Assert.Equal(["00000000000000000000.log", "leader-epoch-checkpoint", "partition.metadata"], disk.ListFiles("/data/t-0"));
        await using TestStore again = await TestStore.Open(disk, "/data");
        Assert.Equal((log.TopicId, new LeaderEpoch(3), 1L), (again["t", 0].TopicId, again["t", 0].LatestEpoch, again["t", 0].LogEndOffset.Value));
    }

    [Fact]
    public async Task Without_fsync_nothing_is_flushed_until_a_segment_is_rolled()
    {
        var disk = new SimulatedDisk(1);
        await using TestStore store = await TestStore.Open(disk, "/data", policy: FlushPolicy.PageCache);
        PartitionLog log = store.Create("t", new LogConfig { SegmentBytes = 200 });
        log.AppendAsLeader(TestBatch.Sized(150), Client);
        Assert.Equal((1, 0), (log.LogEndOffset.Value, log.FlushedOffset.Value));
        log.AppendAsLeader(TestBatch.Sized(150), Client);
        Assert.Equal((2, 1), (log.LogEndOffset.Value, log.FlushedOffset.Value));
    }

    [Fact]
    public async Task Flush_messages_asks_for_a_flush_after_so_many_records()
    {
        await using TestStore store = await TestStore.Open(new SimulatedDisk(1), "/data", policy: FlushPolicy.PageCache);
        PartitionLog log = store.Create("t", new LogConfig { FlushMessages = 3 });
        log.AppendAsLeader(TestBatch.Of(5, "a", "b"), Client);
        Assert.Equal(0, log.FlushedOffset.Value);
        log.AppendAsLeader(TestBatch.Of(5, "c"), Client);
        Assert.Equal(3, log.FlushedOffset.Value);
    }

    [Fact]
    public async Task Offset_and_leader_epoch_are_written_into_the_batch()
    {
        await using TestStore store = await TestStore.Open(new SimulatedDisk(1), "/data");
        PartitionLog log = store.Create("t");
        log.AppendAsLeader(TestBatch.Of(5, "a", "b"), Client);
        log.AppendAsLeader(TestBatch.Of(5, "c"), Client);
        byte[] bytes = LogReading.Bytes(log.Read((Offset)2, 1000, (Offset)3, false));
        var header = new RecordBatchHeader(bytes);
        Assert.Equal((2L, 3), (header.BaseOffset.Value, header.LeaderEpoch.Value));
    }

    [Fact]
    public async Task A_read_stops_at_its_upper_bound_and_at_its_size()
    {
        await using TestStore store = await TestStore.Open(new SimulatedDisk(1), "/data");
        PartitionLog log = store.Create("t");
        foreach (string value in new[] { "a", "b", "c" }) log.AppendAsLeader(TestBatch.Of(5, value), Client);
        int one = (int)log.BytesBetween((Offset)0, (Offset)1);
        Assert.Equal(2 * one, log.BytesBetween((Offset)1, (Offset)3));
        Assert.Equal(2 * one, LogReading.Bytes(log.Read((Offset)0, 10_000, (Offset)2, false)).Length);
        Assert.Equal(one + 5, LogReading.Bytes(log.Read((Offset)0, one + 5, (Offset)3, false)).Length);
        Assert.Equal(one, LogReading.Bytes(log.Read((Offset)0, 1, (Offset)3, true)).Length);
        Assert.Empty(LogReading.Bytes(log.Read((Offset)1, 10_000, (Offset)1, true)));
    }

    [Fact]
    public async Task A_region_stays_readable_after_its_segment_is_deleted()
    {
        await using TestStore store = await TestStore.Open(new SimulatedDisk(1), "/data");
        PartitionLog log = store.Create("t", new LogConfig { FileDeleteDelayMs = 0 });
        log.AppendAsLeader(TestBatch.Of(5, "kept for the reader"), Client);
        LogReadResult read = log.Read((Offset)0, 1000, (Offset)1, false);
        Assert.True(store.Logs.Delete(log.Partition));
        Assert.Contains("kept for the reader", System.Text.Encoding.UTF8.GetString(LogReading.Bytes(read)), StringComparison.Ordinal);
        Assert.Equal(ErrorCode.NotLeaderOrFollower, log.AppendAsLeader(TestBatch.Of(5, "too late"), Client).Error);
    }

    [Fact]
    public async Task Append_time_replaces_what_the_client_set()
    {
        await using TestStore store = await TestStore.Open(new SimulatedDisk(1), "/data");
        PartitionLog log = store.Create("t", new LogConfig { LogAppendTime = true });
        AppendResult result = log.AppendAsLeader(TestBatch.Of(5, "a", "b"), Client);
        long now = TestStore.Epoch.ToUnixTimeMilliseconds();
        Assert.Equal(now, result.LogAppendTimeMs);
        Assert.Equal(new TimestampedOffset(now, (Offset)0, (LeaderEpoch)3), log.OffsetOfMaxTimestamp());
    }

    [Fact]
    public async Task A_follower_takes_several_batches_and_refuses_what_it_has()
    {
        await using TestStore store = await TestStore.Open(new SimulatedDisk(1), "/data");
        PartitionLog log = store.Create("t");
        byte[] two = [.. TestBatch.At(4, 1, 5, "a"), .. TestBatch.At(9, 2, 5, "b", "c")];
        AppendResult result = log.AppendAsFollower(two);
        Assert.Equal((4L, 10L, 11L), (result.BaseOffset.Value, result.LastOffset.Value, log.LogEndOffset.Value));
        Assert.Equal([(1, 4L), (2, 9L)], log.Epochs.Select(static entry => (entry.Epoch.Value, entry.StartOffset)));
        Assert.Throws<UnexpectedAppendOffsetException>(() => log.AppendAsFollower(TestBatch.At(10, 2, 5, "again")));
        byte[] damaged = TestBatch.At(11, 2, 5, "x");
        damaged[^1] ^= 1;
        Assert.Throws<RecordFormatException>(() => log.AppendAsFollower(damaged));
        Assert.Equal(11, log.LogEndOffset.Value);
        Assert.Empty(store.Failures);
    }

    [Fact]
    public async Task The_last_stable_offset_waits_for_open_transactions_and_for_markers_to_be_replicated()
    {
        await using TestStore store = await TestStore.Open(new SimulatedDisk(1), "/data");
        PartitionLog log = store.Create("t");
        log.AppendAsLeader(TestBatch.Of(5, "plain"), Client);
        log.AppendAsLeader(TestBatch.Idempotent(1, 0, 0, 2, transactional: true), Client);
        log.AppendAsLeader(TestBatch.Idempotent(2, 0, 0, 1, transactional: true), Client);
        log.SetHighWatermark((Offset)4);
        Assert.Equal(1, log.LastStableOffset.Value);
        log.AppendAsLeader(TestBatch.Marker(1, 0, commit: false), Coordinator);
        Assert.Equal(1, log.LastStableOffset.Value);
        log.SetHighWatermark((Offset)5);
        Assert.Equal(3, log.LastStableOffset.Value);
        log.AppendAsLeader(TestBatch.Marker(2, 0, commit: true), Coordinator);
        log.SetHighWatermark((Offset)6);
        Assert.Equal(6, log.LastStableOffset.Value);
        Assert.Equal([(1L, 1L)], log.AbortedTransactions((Offset)0, (Offset)6).Select(static aborted => (aborted.ProducerId.Value, aborted.FirstOffset)));
        Assert.Empty(log.AbortedTransactions((Offset)5, (Offset)6));
    }

    [Fact]
    public async Task A_marker_of_an_older_coordinator_is_fenced()
    {
        await using TestStore store = await TestStore.Open(new SimulatedDisk(1), "/data");
        PartitionLog log = store.Create("t");
        log.AppendAsLeader(TestBatch.Idempotent(1, 0, 0, 1, transactional: true), Client);
        Assert.Equal(ErrorCode.None, log.AppendAsLeader(TestBatch.Marker(1, 0, commit: true, coordinatorEpoch: 5), Coordinator).Error);
        Assert.Equal(ErrorCode.TransactionCoordinatorFenced, log.AppendAsLeader(TestBatch.Marker(1, 0, commit: true, coordinatorEpoch: 4), Coordinator).Error);
    }

    [Fact]
    public async Task A_producer_with_an_open_transaction_may_not_write_outside_it()
    {
        await using TestStore store = await TestStore.Open(new SimulatedDisk(1), "/data");
        PartitionLog log = store.Create("t");
        log.AppendAsLeader(TestBatch.Idempotent(1, 0, 0, 1, transactional: true), Client);
        Assert.True(log.HasOngoingTransaction((ProducerId)1));
        Assert.Equal(ErrorCode.InvalidTxnState, log.AppendAsLeader(TestBatch.Idempotent(1, 0, 1, 1), Client).Error);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task After_a_restart_the_last_five_batches_of_a_producer_are_still_known_as_duplicates(bool clean)
    {
        // A snapshot tells the last one only, as Kafka's does; the others are found in the log.
        var disk = new SimulatedDisk(1);
        var config = new LogConfig { SegmentBytes = 300 };
        await using (TestStore store = await TestStore.Open(disk, "/data", config))
        {
            PartitionLog log = store.Create("t", config);
            for (int i = 0; i < 8; i++)
            {
                log.AppendAsLeader(TestBatch.Idempotent(1, 0, i, 1), Client);
                log.AppendAsLeader(TestBatch.Idempotent(2, 0, i, 1), Client);
            }

            await store.Close(clean);
        }

        disk.PowerCut();
        await using TestStore again = await TestStore.Open(disk, "/data", config);
        PartitionLog reopened = again["t", 0];
        Assert.True(reopened.SegmentCount > 3);
        Assert.Equal(ErrorCode.OutOfOrderSequenceNumber, reopened.AppendAsLeader(TestBatch.Idempotent(1, 0, 2, 1), Client).Error);
        for (int i = 3; i < 8; i++) Assert.Equal(2 * i, reopened.AppendAsLeader(TestBatch.Idempotent(1, 0, i, 1), Client).BaseOffset.Value);
        Assert.Equal(16, reopened.LogEndOffset.Value);
    }
}
