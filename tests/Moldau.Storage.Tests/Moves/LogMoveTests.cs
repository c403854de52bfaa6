using System.Text;
using Moldau.Protocol;
using Moldau.Simulated.Disk;
using Moldau.Storage.Tests.Cleaning;

namespace Moldau.Storage.Tests.Moves;

public sealed class LogMoveTests
{
    private static readonly AppendContext Client = new((LeaderEpoch)2);

    [Fact]
    public async Task A_move_that_is_given_up_leaves_the_log_where_it_was() => await Play(async (store, log, _) =>
    {
        LogMove move = store.Logs.BeginMove(log, Two(store));
        move.Step(100);
        move.Cancel();
        Assert.Equal((MoveOutcome.Cancelled, 0), (move.Outcome, move.Step(100)));
        Assert.Null(store.Logs.FindMove(log.Partition));
        Assert.Equal("/one", log.Directory.Path);
        Assert.Equal(20, LogReading.Consume(log, log.LogEndOffset).Count);
        await Task.CompletedTask;
    });

    [Fact]
    public async Task A_damaged_batch_ends_the_move_and_no_directory() => await Play((store, log, disk) =>
    {
        using (Storage.Files.IFile file = disk.Open("/one/t-0/00000000000000000000.log", Storage.Files.FileOpen.ReadWrite)) file.Write(100, [0xff, 0xff, 0xff]);
        LogMove move = store.Logs.BeginMove(log, Two(store));
        Finish(move);
        Assert.Equal(MoveOutcome.Failed, move.Outcome);
        Assert.Empty(store.Failures);
        Assert.Equal("/one", log.Directory.Path);
        return Task.CompletedTask;
    });

    [Fact]
    public async Task A_log_is_not_cleaned_while_it_moves() => await Play(async (store, log, _) =>
    {
        log.Config = CompactedLog.Config;
        log.Roll();
        log.RequestFlush();
        log.SetHighWatermark(log.LogEndOffset);
        LogMove move = store.Logs.BeginMove(log, Two(store));
        Assert.Equal(0, await store.Clean());
        move.Cancel();
        Assert.Equal(1, await store.Clean());
    });

    [Fact]
    public async Task A_moved_log_is_cleaned_where_it_went() => await Play(async (store, log, disk) =>
    {
        log.Config = CompactedLog.Config;
        log.Roll();
        log.RequestFlush();
        log.SetHighWatermark(log.LogEndOffset);
        Finish(store.Logs.BeginMove(log, Two(store)));
        Assert.Equal("/two", log.Directory.Path);
        log.Roll();
        log.RequestFlush();
        log.SetHighWatermark(log.LogEndOffset);
        Assert.True(await store.Clean() > 0);
        Assert.Equal(20, LogReading.Consume(log, log.LogEndOffset).Count);
        Assert.Equal(log.LogEndOffset.Value, log.State.CleanedTo);
        Assert.True(disk.FileExists("/two/cleaner-offset-checkpoint"));
    });

    [Fact]
    public async Task A_log_that_is_deleted_takes_its_copy_along() => await Play((store, log, disk) =>
    {
        LogMove move = store.Logs.BeginMove(log, Two(store));
        move.Step(100);
        Assert.True(store.Logs.Delete(log.Partition));
        Assert.Equal(MoveOutcome.Cancelled, move.Outcome);
        Assert.All([.. disk.ListDirectories("/one"), .. disk.ListDirectories("/two")], static name => Assert.EndsWith("-delete", name, StringComparison.Ordinal));
        return Task.CompletedTask;
    });

    [Fact]
    public async Task A_moved_log_is_what_it_was_and_goes_on() => await Play(async (store, log, disk) =>
    {
        log.SetHighWatermark(log.FlushedOffset);
        Assert.Equal(ErrorCode.None, log.DeleteRecords((Offset)3));
        Assert.Equal(ErrorCode.None, log.PersistLogStart());
        log.AssignEpoch((LeaderEpoch)9);
        LogMove move = store.Logs.BeginMove(log, Two(store));
        Assert.Equal(20, move.OffsetLag);
        int steps = 0;
        while (move.Outcome == MoveOutcome.Copied)
        {
            move.Step(200);
            if (++steps <= 3) log.AppendAsLeader(TestBatch.Of(5, "meanwhile"), Client with { LeaderEpoch = (LeaderEpoch)9 });
        }

        Assert.Equal(MoveOutcome.Moved, move.Outcome);
        Assert.True(steps > 5);
        Assert.Equal("/two", log.Directory.Path);
        Assert.Equal((3L, 23L, 23L), (log.LogStartOffset.Value, log.LogEndOffset.Value, log.FlushedOffset.Value));
        Assert.Equal(9, log.LatestEpoch.Value);
        Assert.Equal(20, LogReading.Consume(log, log.LogEndOffset).Count);
        AppendResult repeated = log.AppendAsLeader(TestBatch.Idempotent(7, 0, 4, 2), Client);
        Assert.Equal((true, 14), (repeated.IsDuplicate, repeated.BaseOffset.Value));
        Assert.Equal(23, log.AppendAsLeader(TestBatch.Of(5, "after"), Client with { LeaderEpoch = (LeaderEpoch)9 }).BaseOffset.Value);
        Assert.Equal(24, log.FlushedOffset.Value);
        Assert.Equal(["t-0"], disk.ListDirectories("/two"));
        Assert.EndsWith("-delete", Assert.Single(disk.ListDirectories("/one")), StringComparison.Ordinal);
        disk.PowerCut();
        await using TestStore again = await TestStore.Open(disk, MoveWorkload.Directories);
        Assert.Equal("/two", again["t", 0].Directory.Path);
        Assert.Equal((3L, 24L), (again["t", 0].LogStartOffset.Value, again["t", 0].LogEndOffset.Value));
        Assert.Equal("after", Encoding.UTF8.GetString(LogReading.Consume(again["t", 0], (Offset)24)[^1].Value!));
    });

    [Fact]
    public async Task A_transaction_that_began_before_the_first_segment_is_still_aborted_after_the_move() => await Play((store, _, _) =>
    {
        PartitionLog log = store.Create("tx", new LogConfig { SegmentBytes = 400 });
        log.AppendAsLeader(TestBatch.Idempotent(9, 0, 0, 1, transactional: true), Client);
        for (int i = 1; i < 8; i++) log.AppendAsLeader(TestBatch.Idempotent(9, 0, i, 1, transactional: true), Client);
        log.AppendAsLeader(TestBatch.Marker(9, 0, commit: false), new AppendContext((LeaderEpoch)2, Moldau.Protocol.Batches.AppendOrigin.Coordinator));
        log.SetHighWatermark(log.FlushedOffset);
        log.DeleteRecords((Offset)5);
        log.PersistLogStart();
        Assert.Empty(LogReading.Consume(log, log.LogEndOffset, committed: true));
        LogDirectory target = store.Logs.Directories.First(directory => directory != log.Directory);
        Finish(store.Logs.BeginMove(log, target));
        Assert.Equal(target, log.Directory);
        Assert.Empty(LogReading.Consume(log, log.LogEndOffset, committed: true));
        return Task.CompletedTask;
    });

    [Fact]
    public async Task A_move_that_a_stop_interrupted_is_told_of_and_its_copy_gives_way()
    {
        var disk = new SimulatedDisk(1);
        await using (TestStore store = await TestStore.Open(disk, MoveWorkload.Directories))
        {
            PartitionLog log = Fill(store);
            store.Logs.BeginMove(log, Two(store)).Step(100);
            await store.Close();
        }

        Assert.EndsWith("-future", Assert.Single(disk.ListDirectories("/two")), StringComparison.Ordinal);
        await using TestStore again = await TestStore.Open(disk, MoveWorkload.Directories);
        Assert.Equal("/one", again["t", 0].Directory.Path);
        Assert.Equal(Two(again), again.Logs.TakeInterruptedMove(new TopicPartition("t", 0)));
        Assert.Null(again.Logs.TakeInterruptedMove(new TopicPartition("t", 0)));
    }

    private static LogDirectory Two(TestStore store) => store.Logs.Directories.Single(static directory => directory.Path == "/two");

    private static void Finish(LogMove move)
    {
        for (int i = 0; move.Outcome == MoveOutcome.Copied && i < 1000; i++) move.Step(300);
    }

    private static PartitionLog Fill(TestStore store)
    {
        PartitionLog log = store.Create("t", new LogConfig { SegmentBytes = 500, IndexIntervalBytes = 100 });
        for (int i = 0; i < 10; i++) log.AppendAsLeader(TestBatch.Of(5, $"v{i}"), Client);
        for (int i = 0; i < 5; i++) log.AppendAsLeader(TestBatch.Idempotent(7, 0, i * 2, 2), Client);
        return log;
    }

    private static async Task Play(Func<TestStore, PartitionLog, SimulatedDisk, Task> scenario)
    {
        var disk = new SimulatedDisk(1);
        await using TestStore store = await TestStore.Open(disk, MoveWorkload.Directories);
        await scenario(store, Fill(store), disk);
    }
}
