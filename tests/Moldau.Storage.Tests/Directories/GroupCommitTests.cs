using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Protocol;
using Moldau.Simulated;
using Moldau.Simulated.Disk;

namespace Moldau.Storage.Tests.Directories;

/// <summary>Group commit on the simulated scheduler, where flushes take time and everything interleaves by seed.</summary>
public sealed class GroupCommitTests
{
    private static readonly AppendContext Client = new((LeaderEpoch)0);

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    [InlineData(4UL)]
    public void What_queues_while_a_flush_runs_is_flushed_together(ulong seed)
    {
        using var world = new SimulatedWorld(seed);
        SimulatedHost host = world.AddHost("node");
        int flushes = 0;
        host.Disk.BeforeOperation += operation => flushes += operation.Kind == DiskOperationKind.Flush && operation.Path.EndsWith(".log", StringComparison.Ordinal) ? 1 : 0;
        var listener = new Waiting();
        world.Run(async () =>
        {
            SimulatedProcess process = host.Start();
            LogStore store = await LogStore.OpenAsync(new LogStoreOptions { Directories = ["/data"] }, process.Files, process.Scheduler, NullLogger.Instance);
            store.Listener = listener;
            PartitionLog[] logs = [.. Enumerable.Range(0, 3).Select(i => store.Create(new TopicPartition("t", i), new Uuid(1, 1), LogConfig.Default))];
            Task[] writers = [.. Enumerable.Range(0, 30).Select(i => process.Scheduler.Start($"writer-{i}", () => WriteAsync(logs[i % 3], listener, 10)))];
            foreach (Task writer in writers) await writer;
            Assert.All(logs, static log => Assert.Equal((100L, 100L), (log.LogEndOffset.Value, log.FlushedOffset.Value)));
            await store.CloseAsync(clean: true);
        });
        Assert.InRange(flushes, 10, 150);
    }

    [Fact]
    public void After_a_failed_flush_nobody_is_told_of_success()
    {
        using var world = new SimulatedWorld(5);
        SimulatedHost host = world.AddHost("node");
        var listener = new Waiting();
        world.Run(async () =>
        {
            SimulatedProcess process = host.Start();
            LogStore store = await LogStore.OpenAsync(new LogStoreOptions { Directories = ["/data"] }, process.Files, process.Scheduler, NullLogger.Instance);
            store.Listener = listener;
            PartitionLog log = store.Create(new TopicPartition("t", 0), new Uuid(1, 1), LogConfig.Default);
            await WriteAsync(log, listener, 1);
            host.Disk.Faults.FailFlush(pathContains: ".log");
            long told = listener.Told;
            log.AppendAsLeader(TestBatch.Of(5, "x"), Client);
            await process.Scheduler.Delay(TimeSpan.FromSeconds(5));
            Assert.Equal((told, 1L, 1), (listener.Told, log.FlushedOffset.Value, listener.Failures));
            await store.CloseAsync(clean: true);
        });
    }

    private static async Task WriteAsync(PartitionLog log, Waiting listener, int records)
    {
        for (int i = 0; i < records; i++)
        {
            AppendResult result = log.AppendAsLeader(TestBatch.Of(5, "value"), Client);
            Assert.Equal(ErrorCode.None, result.Error);
            while (log.FlushedOffset <= result.LastOffset) await listener.Next();
        }
    }

    private sealed class Waiting : ILogListener
    {
        private TaskCompletionSource next = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long Told { get; private set; }

        public int Failures { get; private set; }

        public Task Next() => next.Task;

        public void Appended(PartitionLog log)
        {
        }

        public void Flushed(PartitionLog log)
        {
            Told++;
            TaskCompletionSource done = next;
            next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            done.SetResult();
        }

        public void Failed(LogDirectory directory, Exception cause) => Failures++;
    }
}
