using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Protocol;
using Moldau.Simulated;
using Moldau.Simulated.Disk;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Directories;
using Moldau.Storage.Files;

namespace Moldau.Storage.Tests.Directories;

public sealed class LogStoreTests
{
    private static readonly AppendContext Client = new((LeaderEpoch)0);

    [Fact]
    public void A_deleted_log_is_renamed_at_once_and_removed_after_the_delay() => SimulatedStore.Run(async store =>
    {
        store.Logs.Start();
        PartitionLog log = store.Create("t", new LogConfig { FileDeleteDelayMs = 60_000 });
        log.AppendAsLeader(TestBatch.Of(5, "a"), Client);
        Assert.True(store.Logs.Delete(log.Partition));
        Assert.False(store.Logs.Delete(log.Partition));
        Assert.Null(store.Logs.Find(log.Partition));
        string folder = Assert.Single(store.Disk.ListDirectories("/data"));
        Assert.Matches("^t-0\\.[0-9a-f]{32}-delete$", folder);
        await store.Pass(TimeSpan.FromSeconds(59));
        Assert.Single(store.Disk.ListDirectories("/data"));
        await store.Pass(TimeSpan.FromSeconds(2));
        Assert.Empty(store.Disk.ListDirectories("/data"));
        Assert.Equal(0, store.Create("t").LogEndOffset.Value);
    });

    [Fact]
    public async Task A_folder_deleted_before_a_restart_is_not_opened()
    {
        var disk = new SimulatedDisk(1);
        await using (TestStore store = await TestStore.Open(disk, "/data"))
        {
            store.Create("t").AppendAsLeader(TestBatch.Of(5, "a"), Client);
            store.Logs.Delete(new TopicPartition("t", 0));
            await store.Close();
        }

        await using TestStore again = await TestStore.Open(disk, "/data");
        Assert.Empty(again.Logs.Logs);
        Assert.Single(disk.ListDirectories("/data"));
    }

    [Fact]
    public async Task The_longest_topic_name_can_be_deleted()
    {
        var disk = new SimulatedDisk(1);
        await using TestStore store = await TestStore.Open(disk, "/data");
        store.Create(new string('n', 249));
        Assert.True(store.Logs.Delete(new TopicPartition(new string('n', 249), 0)));
        Assert.True(Assert.Single(disk.ListDirectories("/data")).Length <= 255);
    }

    [Fact]
    public async Task A_clean_stop_leaves_its_mark_and_the_next_start_takes_it_away()
    {
        var disk = new SimulatedDisk(1);
        await using (TestStore store = await TestStore.Open(disk, "/data"))
        {
            Assert.Equal(-1, store.Logs.PreviousBrokerEpoch);
            await store.Close();
        }

        Assert.True(disk.FileExists("/data/" + CleanShutdownFile.Name));
        await using TestStore again = await TestStore.Open(disk, "/data");
        Assert.Equal(7, again.Logs.PreviousBrokerEpoch);
        Assert.False(disk.FileExists("/data/" + CleanShutdownFile.Name));
    }

    [Fact]
    public async Task The_high_watermark_survives_and_the_log_start_too()
    {
        var disk = new SimulatedDisk(1);
        await using (TestStore store = await TestStore.Open(disk, "/data"))
        {
            PartitionLog log = store.Create("t");
            for (int i = 0; i < 5; i++) log.AppendAsLeader(TestBatch.Of(5, "x"), Client);
            log.SetHighWatermark((Offset)4);
            log.DeleteRecords((Offset)2);
            OffsetCheckpointsProbe.WriteAll(store);
        }

        disk.PowerCut();
        await using TestStore again = await TestStore.Open(disk, "/data");
        Assert.Equal((2L, 4L, 5L), (again["t", 0].LogStartOffset.Value, again["t", 0].HighWatermark.Value, again["t", 0].LogEndOffset.Value));
    }

    [Fact]
    public async Task The_metadata_log_stays_out_of_the_checkpoints()
    {
        var disk = new SimulatedDisk(1);
        await using (TestStore store = await TestStore.Open(disk, "/data"))
        {
            store.Logs.Create(new TopicPartition("__cluster_metadata", 0), Uuid.ClusterMetadata, LogConfig.Metadata).AppendAsLeader(TestBatch.Of(5, "x"), Client);
            store.Create("t").AppendAsLeader(TestBatch.Of(5, "x"), Client);
            await store.Close();
        }

        Assert.Equal([KeyValuePair.Create(new TopicPartition("t", 0), 1L)], OffsetCheckpointFile.Read(disk, "/data", OffsetCheckpointFile.RecoveryPoint));
        await using TestStore again = await TestStore.Open(disk, "/data");
        Assert.Equal((1L, Uuid.ClusterMetadata), (again["__cluster_metadata", 0].LogEndOffset.Value, again["__cluster_metadata", 0].TopicId));
    }

    [Fact]
    public async Task A_topic_id_can_be_given_to_a_folder_without_one()
    {
        var disk = new SimulatedDisk(1);
        await using (TestStore store = await TestStore.Open(disk, "/data")) await store.Close();
        disk.CreateDirectory("/data/t-0");
        await using (TestStore store = await TestStore.Open(disk, "/data"))
        {
            Assert.Equal(Uuid.Zero, store["t", 0].TopicId);
            store["t", 0].AssignTopicId(new Uuid(3, 4));
            await store.Close();
        }

        await using TestStore again = await TestStore.Open(disk, "/data");
        Assert.Equal(new Uuid(3, 4), again["t", 0].TopicId);
    }

    [Fact]
    public void Many_bytes_bring_a_recovery_checkpoint_on_early_and_recovery_then_reads_little()
    {
        using var world = new SimulatedWorld(1);
        SimulatedHost host = world.AddHost("node");
        long read = 0;
        world.Run(async () =>
        {
            SimulatedProcess process = host.Start();
            LogStore store = await Open(process);
            store.Start();
            PartitionLog log = store.Create(new TopicPartition("t", 0), new Uuid(1, 1), LogConfig.Default);
            long nowMs = process.Scheduler.Time.GetUtcNow().ToUnixTimeMilliseconds();
            int batches = (int)(Limits.RecoveryScanBytesMax / 900_000) + 2;
            for (int i = 0; i < batches; i++) Assert.Equal(ErrorCode.None, log.AppendAsLeader(TestBatch.Sized(900_000, nowMs), Client).Error);
            Assert.Equal(ErrorCode.None, log.AppendAsLeader(TestBatch.Of(nowMs, "last"), Client).Error);

            // Far below the minute after which one is written anyway.
            await process.Scheduler.Delay(TimeSpan.FromSeconds(10));
            Assert.True(OffsetCheckpointFile.Read(host.Disk, "/data", OffsetCheckpointFile.RecoveryPoint)[new TopicPartition("t", 0)] > 200);
            host.PowerCut();

            process = host.Start();
            host.Disk.BeforeOperation += operation => read += operation.Kind == DiskOperationKind.Read && operation.Path.EndsWith(".log", StringComparison.Ordinal) ? operation.Length : 0;
            LogStore again = await Open(process);
            Assert.True(again.Find(new TopicPartition("t", 0))!.LogEndOffset > 290);
            await again.CloseAsync(clean: true);
        });
        Assert.InRange(read, 1, 8_000_000);

        static Task<LogStore> Open(SimulatedProcess process) =>
            LogStore.OpenAsync(new LogStoreOptions { Directories = ["/data"] }, process.Files, process.Scheduler, NullLogger.Instance);
    }

    [Fact]
    public async Task After_a_clean_stop_opening_reads_a_few_kilobytes_of_each_log()
    {
        var disk = new SimulatedDisk(1);
        await using (TestStore store = await TestStore.Open(disk, "/data"))
        {
            PartitionLog log = store.Create("t", new LogConfig { SegmentBytes = 200_000 });
            for (int i = 0; i < 1000; i++) log.AppendAsLeader(TestBatch.Sized(1000), Client);
            await store.Close();
        }

        long read = 0;
        disk.BeforeOperation += operation => read += operation.Kind == DiskOperationKind.Read ? operation.Length : 0;
        await using TestStore again = await TestStore.Open(disk, "/data");
        Assert.Equal(1000, again["t", 0].LogEndOffset.Value);
        Assert.True(read < 20_000, $"{read} bytes were read");
    }

    [Fact]
    public void Flush_ms_makes_records_durable_that_have_waited_so_long() => SimulatedStore.Run(
        async store =>
        {
            PartitionLog log = store.Create("t", new LogConfig { FlushMs = 2000 });
            store.Logs.Start();
            log.AppendAsLeader(TestBatch.Of(5, "a"), Client);
            await store.Pass(TimeSpan.FromSeconds(1));
            Assert.Equal(0, log.FlushedOffset.Value);
            await store.Pass(TimeSpan.FromSeconds(2));
            Assert.Equal(1, log.FlushedOffset.Value);
        },
        FlushPolicy.PageCache);

    [Fact]
    public void Silent_producers_are_forgotten_unless_a_transaction_is_open() => SimulatedStore.Run(
        async store =>
        {
            PartitionLog log = store.Create("t");
            store.Logs.Start();
            log.AppendAsLeader(TestBatch.Idempotent(1, 0, 0, 1, timestampMs: store.NowMs), Client);
            log.AppendAsLeader(TestBatch.Idempotent(2, 0, 0, 1, transactional: true, timestampMs: store.NowMs), Client);
            await store.Pass(TimeSpan.FromHours(23));
            Assert.Equal(2, log.ActiveProducers().Count);
            await store.Pass(TimeSpan.FromHours(2));
            Assert.Equal([2L], log.ActiveProducers().Select(static producer => producer.ProducerId.Value));
        },
        limit: TimeSpan.FromDays(2));

    [Fact]
    public void Checkpoints_are_written_as_time_goes_on() => SimulatedStore.Run(async store =>
    {
        PartitionLog log = store.Create("t");
        store.Logs.Start();
        log.AppendAsLeader(TestBatch.Of(5, "a", "b"), Client);
        await store.Pass(TimeSpan.FromSeconds(1));
        log.SetHighWatermark((Offset)2);
        log.DeleteRecords((Offset)1);
        await store.Pass(TimeSpan.FromSeconds(5));
        Assert.Equal(2, Checkpoint(store, OffsetCheckpointFile.HighWatermark));
        await store.Pass(TimeSpan.FromSeconds(61));
        Assert.Equal((2L, 1L), (Checkpoint(store, OffsetCheckpointFile.RecoveryPoint), Checkpoint(store, OffsetCheckpointFile.LogStart)));
    });

    private static long Checkpoint(SimulatedStore store, string name) => OffsetCheckpointFile.Read(store.Disk, "/data", name)[new TopicPartition("t", 0)];

    [Fact]
    public async Task Thousands_of_logs_keep_few_files_open()
    {
        var disk = new SimulatedDisk(1);
        await using (TestStore store = await TestStore.Open(disk, "/data"))
        {
            for (int i = 0; i < 3000; i++) store.Create($"topic-{i}").AppendAsLeader(TestBatch.Of(5, "x"), Client);
            Assert.InRange(store.Logs.Handles.Count, 1, Limits.CachedFilesMax);
            await store.Close();
        }

        await using TestStore again = await TestStore.Open(disk, "/data");
        Assert.Equal(3000, again.Logs.Logs.Count());
        Assert.All(again.Logs.Logs, static log => Assert.Equal(1, log.LogEndOffset.Value));
        Assert.InRange(again.Logs.Handles.Count, 1, Limits.CachedFilesMax);
    }
}
