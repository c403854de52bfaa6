using System.Globalization;
using Microsoft.Extensions.Logging;
using Moldau.Broker.Lifecycle;
using Moldau.Metadata;
using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Protocol.Transport;
using Moldau.Storage;

namespace Moldau.Broker.Partitions;

/// <summary>
/// Moves logs between the node's directories (KIP-113), one after the other in one loop, no faster than <c>replica.alter.log.dirs.io.max.bytes.per.second</c>; and tells the
/// controller when one has arrived. Thread-safe.
/// </summary>
internal sealed class ReplicaMover(LogStore store, DirectoryAssignments assignments, Func<long> bytesPerSecond, IScheduler scheduler, ILogger logger)
{
    private readonly Lock gate = new();
    private readonly CancellationTokenSource stopped = new();
    private readonly Queue<(LogMove Move, Uuid TopicId)> waiting = new();
    private Task loop = Task.CompletedTask;
    private bool isRunning;

    /// <summary>The throttle's key. Kafka takes it dynamically only, on a broker or as the default of all.</summary>
    public const string ThrottleKey = "replica.alter.log.dirs.io.max.bytes.per.second";

    /// <summary>The throttle that is set, in bytes per second; the largest number when none is.</summary>
    public static long ThrottleOf(MetadataImage image, int nodeId)
    {
        bool isSet = image.Configs.Of(ConfigResource.Broker(nodeId)).TryGetValue(ThrottleKey, out string? text)
            || image.Configs.Of(ConfigResource.ClusterDefault).TryGetValue(ThrottleKey, out text);
        return isSet && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long rate) ? rate : long.MaxValue;
    }

    /// <summary>Begins to move a log; what it was on its way to before is given up. Blocking.</summary>
    public void Begin(HostedPartition partition, LogDirectory target)
    {
        logger.MoveBegun(partition.Name.ToString(), partition.Log.Directory.Path, target.Path);
        lock (gate)
        {
            if (stopped.IsCancellationRequested) return;
            waiting.Enqueue((store.BeginMove(partition.Log, target), partition.TopicId));
            if (isRunning) return;
            isRunning = true;
            loop = scheduler.Start("replica-mover", RunAsync);
        }
    }

    /// <summary>Makes no more steps, and completes when the one under way has ended.</summary>
    public Task StopAsync()
    {
        lock (gate)
        {
            stopped.Cancel();
            return loop;
        }
    }

    private async Task RunAsync()
    {
        while (Next() is { } next)
        {
            try
            {
                await MoveAsync(next.Move);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            if (next.Move.Outcome == MoveOutcome.Moved) assignments.Assign((next.TopicId, next.Move.Log.Partition.Partition), next.Move.Target.Id);
        }
    }

    private (LogMove Move, Uuid TopicId)? Next()
    {
        lock (gate)
        {
            if (!stopped.IsCancellationRequested && waiting.TryDequeue(out (LogMove, Uuid) next)) return next;
            isRunning = false;
            return null;
        }
    }

    private async Task MoveAsync(LogMove move)
    {
        while (move.Outcome == MoveOutcome.Copied)
        {
            long rate = Math.Max(1, bytesPerSecond());
            int copied = 0;
            await scheduler.RunBlocking(() => copied = move.Step((int)Math.Min(Limits.MoveStepBytes, rate)));
            stopped.Token.ThrowIfCancellationRequested();
            if (move.Outcome != MoveOutcome.Copied) return;
            // Nothing copied and not at the end: files went away while they were read.
            TimeSpan pause = copied == 0 ? Limits.MoveRetry : TimeSpan.FromSeconds((double)copied / rate);
            if (pause >= Limits.ShortestPause) await scheduler.Delay(pause, stopped.Token);
        }
    }
}
