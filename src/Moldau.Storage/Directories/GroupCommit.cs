using Moldau.Protocol;
using Moldau.Storage.Logs;

namespace Moldau.Storage.Directories;

/// <summary>
/// Flushes a directory's logs together, without a timer: a round takes whatever was asked for while the last one ran, and its logs are flushed
/// in parallel lanes. Each log is in the queue at most once, so the queue is as long as there are logs at most. After a failure nothing is
/// flushed again.
/// </summary>
internal sealed class GroupCommit(LogDirectory directory)
{
    private readonly Lock gate = new();
    private List<FlushTicket> queue = [];
    private List<FlushTicket> round = [];
    private Task running = Task.CompletedTask;
    private bool isRunning, closed;

    /// <summary>Asks for a log to be flushed. Never blocks.</summary>
    public void Request(FlushTicket log, FlushScope scope)
    {
        lock (gate)
        {
            if (closed || directory.IsOffline) return;
            if (log.Asked is { } queued)
            {
                if (scope > queued) log.Asked = scope;
                return;
            }

            log.Asked = scope;
            queue.Add(log);
            if (isRunning) return;
            isRunning = true;
            running = directory.Scheduler.Start("group-commit", DrainAsync);
        }
    }

    /// <summary>Takes no more requests and ends when those that were taken are done.</summary>
    public async Task CloseAsync()
    {
        Task last;
        lock (gate)
        {
            closed = true;
            last = running;
        }

        await last;
    }

    private async Task DrainAsync()
    {
        while (TakeRound())
        {
            int next = -1;
            if (round.Count == 1)
            {
                await LaneAsync();
                continue;
            }

            var lanes = new Task[Math.Min(round.Count, Limits.FlushLanes)];
            for (int i = 0; i < lanes.Length; i++) lanes[i] = LaneAsync();
            await Task.WhenAll(lanes);

            async Task LaneAsync()
            {
                for (int i = Interlocked.Increment(ref next); i < round.Count; i = Interlocked.Increment(ref next)) await FlushAsync(round[i]);
            }
        }
    }

    // Only ever planted by the simulation.
    private void AcknowledgeBeforeSync(PartitionLog log)
    {
        lock (log.State.Gate) log.State.Flushed = log.State.End;
        directory.Listener.Flushed(log);
    }

    private bool TakeRound()
    {
        lock (gate)
        {
            (queue, round) = (round, queue);
            queue.Clear();
            foreach (FlushTicket log in round)
            {
                log.Covered = log.Asked!.Value;
                log.Asked = null;
            }

            isRunning = round.Count > 0;
            return isRunning;
        }
    }

    // The one place where a failed flush is caught: the directory goes offline.
    private async Task FlushAsync(FlushTicket log)
    {
        if (directory.IsOffline) return;
        if (directory.Planted.AcknowledgesBeforeSync) AcknowledgeBeforeSync(log.Owner);
        try
        {
            await directory.Scheduler.RunBlocking(log.Run);
        }
        catch (IOException failure)
        {
            if (directory.Planted.RetriesFailedFlush) AcknowledgeBeforeSync(log.Owner);
            else directory.Fail(failure);
            return;
        }

        if (log.Raised) directory.Listener.Flushed(log.Owner);
    }
}
