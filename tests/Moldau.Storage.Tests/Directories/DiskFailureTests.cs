using Moldau.Protocol;
using Moldau.Simulated.Disk;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;

namespace Moldau.Storage.Tests.Directories;

public sealed class DiskFailureTests
{
    private static readonly AppendContext Client = new((LeaderEpoch)0);

    [Fact]
    public async Task A_failed_flush_takes_the_directory_offline_and_is_never_tried_again()
    {
        var disk = new SimulatedDisk(1);
        await using TestStore store = await TestStore.Open(disk, "/data");
        PartitionLog log = store.Create("t");
        log.AppendAsLeader(TestBatch.Of(5, "safe"), Client);
        disk.Faults.FailFlush(pathContains: ".log");
        Assert.Equal(ErrorCode.None, log.AppendAsLeader(TestBatch.Of(5, "in the cache only"), Client).Error);
        Assert.Equal(1, log.FlushedOffset.Value);
        Assert.Equal(DiskFailure.Flush, Assert.IsType<DiskException>(Assert.Single(store.Failures).Cause).Failure);
        Assert.True(log.Directory.IsOffline);

        int operations = 0;
        disk.BeforeOperation += operation => operations += operation.Kind == DiskOperationKind.Read ? 0 : 1;
        Assert.Equal(ErrorCode.KafkaStorageError, log.AppendAsLeader(TestBatch.Of(5, "no more"), Client).Error);
        Assert.Equal(ErrorCode.KafkaStorageError, log.Read((Offset)0, 100, (Offset)1, true).Error);
        Assert.Equal(ErrorCode.KafkaStorageError, log.DeleteRecords((Offset)0));
        log.RequestFlush();
        Assert.Throws<LogUnavailableException>(() => log.TruncateTo((Offset)0));
        Assert.Throws<IOException>(() => store.Create("another"));
        await store.Close();
        Assert.Equal(0, operations);
        Assert.Single(store.Failures);
        Assert.False(disk.FileExists("/data/" + CleanShutdownFile.Name));
    }

    [Theory]
    [InlineData(DiskFailure.Full)]
    [InlineData(DiskFailure.Io)]
    public async Task A_failed_write_answers_with_a_storage_error_and_appends_nothing(DiskFailure failure)
    {
        var disk = new SimulatedDisk(1);
        await using TestStore store = await TestStore.Open(disk, "/data");
        PartitionLog log = store.Create("t");
        log.AppendAsLeader(TestBatch.Of(5, "safe"), Client);
        disk.Faults.FailWrite(failure: failure, pathContains: ".log");
        Assert.Equal(ErrorCode.KafkaStorageError, log.AppendAsLeader(TestBatch.Of(5, "lost"), Client).Error);
        Assert.Equal(1, log.LogEndOffset.Value);
        Assert.Equal(failure, Assert.IsType<DiskException>(Assert.Single(store.Failures).Cause).Failure);

        disk.Faults.Clear();
        disk.PowerCut();
        await using TestStore again = await TestStore.Open(disk, "/data");
        Assert.Equal(["safe"], LogReading.Consume(again["t", 0], (Offset)1).Select(static record => System.Text.Encoding.UTF8.GetString(record.Value!)));
    }

    [Fact]
    public async Task A_full_disk_loses_nothing_that_was_acknowledged()
    {
        var disk = new SimulatedDisk(1) { CapacityBytes = 256 * 1024 };
        long acknowledged;
        await using (TestStore store = await TestStore.Open(disk, "/data"))
        {
            PartitionLog log = store.Create("t", new LogConfig { SegmentBytes = 16 * 1024 });
            while (log.AppendAsLeader(TestBatch.Sized(3000), Client).Error == ErrorCode.None)
            {
            }

            acknowledged = log.FlushedOffset;
            Assert.True(acknowledged > 20, $"only {acknowledged} before the disk was full");
            Assert.True(log.Directory.IsOffline);
        }

        disk.PowerCut();
        disk.CapacityBytes = null;
        await using TestStore again = await TestStore.Open(disk, "/data");
        Assert.True(again["t", 0].LogEndOffset >= acknowledged);
    }

    [Fact]
    public async Task A_read_that_fails_takes_the_directory_offline()
    {
        var disk = new SimulatedDisk(1);
        await using TestStore store = await TestStore.Open(disk, "/data");
        PartitionLog log = store.Create("t");
        log.AppendAsLeader(TestBatch.Of(5, "a"), Client);
        disk.Faults.FailReads(".log");
        Assert.Equal(ErrorCode.KafkaStorageError, log.Read((Offset)0, 100, (Offset)1, true).Error);
        Assert.Single(store.Failures);
    }

    [Fact]
    public async Task Only_the_directory_that_failed_is_offline()
    {
        var disk = new SimulatedDisk(1);
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TestStore.Epoch);
        var options = new LogStoreOptions { Directories = ["/one", "/two"] };
        LogStore store = await LogStore.OpenAsync(options, disk, new InlineScheduler(time), Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        PartitionLog first = store.Create(new TopicPartition("a", 0), new Uuid(1, 1), LogConfig.Default);
        PartitionLog second = store.Create(new TopicPartition("b", 0), new Uuid(1, 2), LogConfig.Default);
        Assert.NotEqual(first.Directory, second.Directory);
        disk.Faults.FailFlush(pathContains: "/one/");
        first.AppendAsLeader(TestBatch.Of(5, "x"), Client);
        second.AppendAsLeader(TestBatch.Of(5, "x"), Client);
        Assert.Equal((true, false), (first.Directory.IsOffline, second.Directory.IsOffline));
        Assert.Equal(1, second.FlushedOffset.Value);
        Assert.Equal(second.Directory, store.Create(new TopicPartition("c", 0), new Uuid(1, 3), LogConfig.Default).Directory);
        await store.CloseAsync(clean: true);
        Assert.Equal((false, true), (disk.FileExists("/one/" + CleanShutdownFile.Name), disk.FileExists("/two/" + CleanShutdownFile.Name)));
    }

    [Fact]
    public async Task A_listener_that_comes_late_is_told_of_what_failed_at_opening()
    {
        var disk = new SimulatedDisk(1);
        await using (TestStore store = await TestStore.Open(disk, "/one")) store.Create("t");
        disk.Open("/one/recovery-point-offset-checkpoint", FileOpen.CreateEmpty).Dispose();
        disk.Faults.FailReads("/one/");
        using (IFile file = disk.Open("/one/meta.properties", FileOpen.CreateEmpty)) file.Write(0, "x"u8);
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TestStore.Epoch);
        LogStore logs = await LogStore.OpenAsync(
            new LogStoreOptions { Directories = ["/one", "/two"] }, disk, new InlineScheduler(time), Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        Assert.Equal([true, false], logs.Directories.Select(static directory => directory.IsOffline));
        Assert.Null(logs.Find(new TopicPartition("t", 0)));
        await logs.CloseAsync(clean: false);
    }

    [Fact]
    public async Task A_store_without_a_usable_directory_does_not_open()
    {
        var disk = new SimulatedDisk(1);
        disk.Faults.FailWrite();
        await Assert.ThrowsAsync<IOException>(() => TestStore.Open(disk, "/data"));
    }

    [Fact]
    public async Task Two_stores_do_not_share_a_directory()
    {
        var disk = new SimulatedDisk(1);
        await using TestStore store = await TestStore.Open(disk, "/data");
        await Assert.ThrowsAsync<DiskException>(() => TestStore.Open(disk, "/data"));
    }
}
