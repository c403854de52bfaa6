using System.Text;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Simulated.Disk;
using Moldau.Storage.Tests.Crash;

namespace Moldau.Storage.Tests.Moves;

/// <summary>
/// A log in one of two directories that is moved to the other and back while records are appended, deleted and rolled: every step of it is reproducible, so that
/// a run can be cut or broken at each of its disk operations.
/// </summary>
internal sealed class MoveWorkload(SimulatedDisk disk, FlushPolicy policy = FlushPolicy.Fsync)
{
    public const string Directories = "/one,/two";
    private static readonly AppendContext Client = new((LeaderEpoch)3);
    private readonly List<string> values = [];
    private TestStore store = null!;
    private long acknowledged, start;

    public static LogConfig Small { get; } = new() { SegmentBytes = 900, IndexIntervalBytes = 150, RetentionMs = -1, FileDeleteDelayMs = 0 };

    /// <summary>What was promised so far.</summary>
    public LogPromise Promise()
    {
        if (store?.Logs.Find(new TopicPartition("t", 0)) is { } log) acknowledged = Math.Max(acknowledged, log.FlushedOffset);
        return new LogPromise("t", [.. values], acknowledged, start);
    }

    /// <summary>Runs to its end, or as far as the disk lets it.</summary>
    public async Task RunAsync()
    {
        store = await TestStore.Open(disk, Directories, Small, policy);
        try
        {
            PartitionLog log = store.Create("t", Small);
            for (int i = 0; i < 5; i++) Append(log, i);
            foreach (string target in new[] { "/two", "/one" })
            {
                Move(log, target);
                for (int i = 0; i < 2; i++) Append(log, i);
            }
        }
        catch (IOException)
        {
            // A directory failed before there was a log in it.
        }

        await store.Close();
    }

    private void Move(PartitionLog log, string target)
    {
        LogDirectory directory = store.Logs.Directories.First(each => each.Path == target);
        if (log.Directory == directory || log.Directory.IsOffline || directory.IsOffline) return;
        LogMove move = store.Logs.BeginMove(log, directory);
        for (int step = 0; move.Outcome == MoveOutcome.Copied && step < 60; step++)
        {
            move.Step(300);
            if (step < 5) Append(log, step);
            if (step == 2) Delete(log);
        }
    }

    private void Delete(PartitionLog log)
    {
        log.SetHighWatermark(log.FlushedOffset);
        var before = (Offset)((log.LogStartOffset + log.HighWatermark) / 2);
        if (log.DeleteRecords(before) == ErrorCode.None && log.PersistLogStart() == ErrorCode.None) start = log.LogStartOffset;
    }

    private void Append(PartitionLog log, int salt)
    {
        string[] batch = [.. Enumerable.Range(0, (salt % 3) + 1).Select(i => $"{values.Count + i}{new string('.', 40 * (salt % 4))}")];
        values.AddRange(batch);
        if (log.AppendAsLeader(TestBatch.Of(5, batch), Client).Error != ErrorCode.None) values.RemoveRange(values.Count - batch.Length, batch.Length);
        Promise();
    }

    /// <summary>Opens what is left on a disk, and finds all that was promised in one log.</summary>
    public static async Task AssertKeptAsync(SimulatedDisk disk, LogPromise promise, string where)
    {
        try
        {
            await using TestStore store = await TestStore.Open(disk, Directories, Small);
            Assert.Empty(store.Failures);
            PartitionLog? log = store.Logs.Find(new TopicPartition("t", 0));
            Assert.True(log is not null || promise.Acknowledged == 0, "the log is gone");
            if (log is null) return;
            Assert.True(log.LogEndOffset >= promise.Acknowledged, $"ends at {log.LogEndOffset}, acknowledged up to {promise.Acknowledged}");
            Assert.True(log.LogStartOffset >= promise.Start, $"starts at {log.LogStartOffset}, deleted up to {promise.Start}");
            foreach (DecodedRecord record in LogReading.Consume(log, log.LogEndOffset).Where(record => record.Offset < promise.Acknowledged))
                Assert.Equal(promise.Values[record.Offset], Encoding.UTF8.GetString(record.Value!));
            LogAudit.AssertConsistent(log, wholeFromStart: false);
            Assert.Equal(ErrorCode.None, log.AppendAsLeader(TestBatch.Sized(400), new AppendContext((LeaderEpoch)1000)).Error);
            long end = log.LogEndOffset;
            await store.Close();
            await using TestStore again = await TestStore.Open(disk, Directories, Small);
            Assert.Equal(end, again["t", 0].LogEndOffset.Value);
            Assert.Equal(1, Directories.Split(',').Sum(directory => disk.ListDirectories(directory).Count(static name => name == "t-0" || name.EndsWith("-future", StringComparison.Ordinal))));
        }
        catch (Exception failure)
        {
            Assert.Fail($"{where}: {failure}");
        }
    }
}
