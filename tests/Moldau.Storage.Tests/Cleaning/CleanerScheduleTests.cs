using Moldau.Protocol;
using Moldau.Simulated.Disk;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Cleaning;
using Moldau.Storage.Files;

namespace Moldau.Storage.Tests.Cleaning;

/// <summary>Which logs are cleaned, when, and what is remembered of it.</summary>
public sealed class CleanerScheduleTests
{
    private static readonly TopicPartition Partition = new("t", 0);
    private readonly SimulatedDisk disk = new(1);

    [Theory]
    [InlineData(65)] // a record
    [InlineData(70)] // the second batch's offset, which no checksum covers
    [InlineData(79)] // its length
    [InlineData(130)]
    public async Task A_damaged_log_is_left_alone_and_others_are_cleaned(int damagedAt)
    {
        CompactedLog log = await CompactedLog.New(disk);
        var other = new CompactedLog(log.Store, log.Store.Create("other", CompactedLog.Config));
        foreach (CompactedLog each in new[] { log, other })
        {
            each.Write(("a", "1"));
            each.Write(("a", "2"));
            each.Roll();
        }

        using (IFile file = disk.Open("/data/t-0/00000000000000000000.log", FileOpen.ReadWrite)) file.Write(damagedAt, new byte[] { 0x55 });
        await log.Store.Clean();
        Assert.Equal(["1:a=2"], other.Contents());
        Assert.Equal(-1, log.Log.State.CleanedTo);
        Assert.Empty(log.Store.Failures);
        Assert.DoesNotContain(disk.ListFiles("/data/t-0"), static name => name.EndsWith(".cleaned", StringComparison.Ordinal));
        Assert.Equal(0, await log.Store.Clean());
        Assert.Equal(ErrorCode.None, log.Write(("a", "3")).Error);
    }

    [Fact]
    public async Task A_log_that_is_not_compacted_is_not_cleaned()
    {
        CompactedLog log = await CompactedLog.New(disk, CompactedLog.Config with { Compact = false });
        log.Write(("a", "1"), ("a", "2"));
        log.Roll();
        Assert.Equal(0, await log.Store.Clean());
    }

    [Fact]
    public async Task Cleaning_waits_for_the_dirty_ratio()
    {
        CompactedLog log = await CompactedLog.New(disk, CompactedLog.Config with { MinCleanableDirtyRatio = 0.5 });
        log.Write(("a", new string('1', 1000)));
        log.Roll();
        Assert.Equal(1, await log.Store.Clean());
        log.Write(("a", new string('2', 100)));
        log.Roll();
        Assert.Equal(0, await log.Store.Clean());
        log.Write(("b", new string('2', 2000)));
        log.Roll();
        Assert.Equal(1, await log.Store.Clean());
    }

    [Fact]
    public async Task What_is_older_than_the_largest_lag_is_cleaned_whatever_the_ratio()
    {
        CompactedLog log = await CompactedLog.New(disk, CompactedLog.Config with { MinCleanableDirtyRatio = 1, MaxCompactionLagMs = 10_000 });
        log.Write(("a", "1"), ("a", "2"));
        log.Roll();
        log.Store.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(0, await log.Store.Clean());
        log.Store.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, await log.Store.Clean());
        Assert.Equal(["1:a=2"], log.Contents());
    }

    [Fact]
    public async Task What_is_younger_than_the_smallest_lag_is_left()
    {
        CompactedLog log = await CompactedLog.New(disk, CompactedLog.Config with { MinCompactionLagMs = 10_000 });
        log.Write(("a", "1"), ("a", "2"));
        log.Roll();
        log.Store.Time.Advance(TimeSpan.FromSeconds(5));
        log.Write(("a", "3"), ("a", "4"));
        log.Roll();
        Assert.Equal(0, await log.Store.Clean());
        log.Store.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(1, await log.Store.Clean());
        Assert.Equal(["1:a=2", "2:a=3", "3:a=4"], log.Contents());
    }

    [Fact]
    public async Task How_far_cleaning_has_come_is_in_the_checkpoint_and_known_after_a_restart()
    {
        CompactedLog log = await CompactedLog.New(disk);
        log.Write(("a", "1"), ("a", "2"));
        log.Roll();
        await log.Store.Clean();
        Assert.Equal(2, OffsetCheckpointFile.Read(disk, "/data", OffsetCheckpointFile.Cleaner)[Partition]);
        log = await log.Reopen(disk, clean: false);
        Assert.Equal(2, log.Log.State.CleanedTo);
    }

    [Fact]
    public async Task A_truncation_makes_what_comes_after_dirty_again()
    {
        CompactedLog log = await CompactedLog.New(disk);
        log.Write(("a", "1"));
        log.Write(("b", "1"));
        log.Roll();
        await log.Store.Clean();
        log.Log.TruncateTo((Offset)1);
        Assert.Equal(1, OffsetCheckpointFile.Read(disk, "/data", OffsetCheckpointFile.Cleaner)[Partition]);
        log.Write(("b", "2"));
        log.Write(("b", "3"));
        log.Roll();
        await log.Store.Clean();
        Assert.Equal(["0:a=1", "2:b=3"], log.Contents());
    }

    [Fact]
    public async Task A_checkpoint_behind_the_end_of_the_log_is_not_believed()
    {
        CompactedLog log = await CompactedLog.New(disk);
        log.Write(("a", "1"), ("a", "2"));
        log.Roll();
        log.Log.State.CleanedTo = 50;
        Assert.False(DirtySection.MayExist(log.Log.State));
        log.Log.State.CleanedTo = 0;
        Assert.Equal(0, DirtySection.Of(log.Log.State, log.NowMs).FirstDirty);
    }

    [Fact]
    public async Task A_log_that_is_made_anew_does_not_inherit_the_checkpoint()
    {
        CompactedLog log = await CompactedLog.New(disk);
        log.Write(("a", "1"));
        log.Roll();
        await log.Store.Clean();
        log.Store.Logs.Delete(Partition);
        log.Store.Create("t", CompactedLog.Config);
        Assert.Empty(OffsetCheckpointFile.Read(disk, "/data", OffsetCheckpointFile.Cleaner));
    }

    [Fact]
    public async Task Cleaning_begins_at_the_start_of_the_log_once_it_has_passed_the_checkpoint()
    {
        CompactedLog log = await CompactedLog.New(disk);
        log.Write(("a", "1"), ("b", "1"));
        log.Roll();
        await log.Store.Clean();
        for (int i = 0; i < 4; i++)
        {
            log.Write(("a", $"{i}"), ("b", $"{i}"));
            log.Roll();
        }

        Assert.Equal(ErrorCode.None, log.Log.DeleteRecords((Offset)5));
        Assert.Equal(ErrorCode.None, log.Log.PersistLogStart());
        await log.Store.Clean();
        Assert.Equal(["8:a=3", "9:b=3"], log.Contents());
        Assert.Equal(10, log.Log.State.CleanedTo);
        Assert.Equal(5, log.Log.LogStartOffset.Value);
    }

    [Fact]
    public async Task Compacted_and_deleted_logs_lose_what_is_too_large_too()
    {
        CompactedLog log = await CompactedLog.New(disk, CompactedLog.Config with { Delete = true, RetentionBytes = 300, SegmentBytes = 400 });
        for (int i = 0; i < 6; i++)
        {
            log.Write(($"k{i}", new string('v', 150)));
            log.Commit();
        }

        log.Roll();
        await log.Store.Clean();
        Assert.True(log.Log.DeleteOldSegments() > 0);
        Assert.True(log.Log.LogStartOffset > 0);
        Assert.Equal("5", log.Contents()[^1][..1]);
    }

    [Fact]
    public void The_cleaner_runs_by_itself_and_within_its_budget() => SimulatedStore.Run(
        async store =>
        {
            store.Logs.Cleaner = new CleanerOptions { BackoffMs = 1000, IoBytesPerSecondMax = 10_000 };
            var config = CompactedLog.Config with { SegmentBytes = 1 << 20 };
            PartitionLog log = store.Create("t", config);
            for (int i = 0; i < 200; i++) log.AppendAsLeader(TestBatch.Keyed(store.NowMs, ($"k{i % 3}", new string('v', 1000))), new AppendContext((LeaderEpoch)1));
            log.Roll();
            log.RequestFlush();
            while (log.FlushedOffset < log.LogEndOffset) await store.Pass(TimeSpan.FromMilliseconds(10));
            log.SetHighWatermark(log.LogEndOffset);
            store.Logs.Start();
            // 200 kB are read twice: that takes 40 seconds, and the waiting comes after each piece.
            await store.Pass(TimeSpan.FromSeconds(25));
            Assert.Equal(-1, log.State.CleanedTo);
            await store.Pass(TimeSpan.FromSeconds(60));
            Assert.Equal(200, log.State.CleanedTo);
            Assert.Equal(3, LogReading.Consume(log, log.LogEndOffset).Count);
        },
        limit: TimeSpan.FromMinutes(10));

    [Fact]
    public void A_cleaning_outlives_the_files_that_it_has_replaced() => SimulatedStore.Run(
        async store =>
        {
            store.Logs.Cleaner = new CleanerOptions { BackoffMs = 1000, IoBytesPerSecondMax = 2000, IoBufferBytes = 1 };
            PartitionLog log = store.Create("t", CompactedLog.Config with { SegmentBytes = 1000, FileDeleteDelayMs = 0 });
            store.Logs.Start();
            for (int round = 1; round < 3; round++)
            {
                for (int i = 0; i < 20; i++) log.AppendAsLeader(TestBatch.Keyed(store.NowMs, ($"k{i}", new string('v', 300))), new AppendContext((LeaderEpoch)1));
                log.Roll();
                log.RequestFlush();
                while (log.FlushedOffset < log.LogEndOffset) await store.Pass(TimeSpan.FromMilliseconds(10));
                log.SetHighWatermark(log.LogEndOffset);
                await store.Pass(TimeSpan.FromMinutes(2));
                Assert.Equal(20 * round, log.State.CleanedTo);
            }

            Assert.Equal(20, LogReading.Consume(log, log.LogEndOffset).Count);
        },
        limit: TimeSpan.FromMinutes(20));

    [Fact]
    public void A_log_that_is_deleted_while_it_is_cleaned_is_no_failure() => SimulatedStore.Run(
        async store =>
        {
            store.Logs.Cleaner = new CleanerOptions { BackoffMs = 100, IoBytesPerSecondMax = 50_000 };
            PartitionLog log = store.Create("t", CompactedLog.Config);
            PartitionLog other = store.Create("other", CompactedLog.Config);
            foreach (PartitionLog each in new[] { log, other })
            {
                for (int i = 0; i < 100; i++) each.AppendAsLeader(TestBatch.Keyed(store.NowMs, ("k", new string('v', each == log ? 2000 : 1000))), new AppendContext((LeaderEpoch)1));
                each.Roll();
                each.RequestFlush();
                while (each.FlushedOffset < each.LogEndOffset) await store.Pass(TimeSpan.FromMilliseconds(10));
                each.SetHighWatermark(each.LogEndOffset);
            }

            store.Logs.Start();
            await store.Pass(TimeSpan.FromSeconds(2));
            store.Logs.Delete(Partition);
            await store.Pass(TimeSpan.FromSeconds(60));
            Assert.False(other.Directory.IsOffline);
            Assert.Equal(100, other.State.CleanedTo);
        },
        limit: TimeSpan.FromMinutes(10));
}
