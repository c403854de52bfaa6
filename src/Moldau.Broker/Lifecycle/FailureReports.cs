using Moldau.Broker.Partitions;
using Moldau.Protocol;
using Moldau.Protocol.Transport;

namespace Moldau.Broker.Lifecycle;

/// <summary>A log directory has failed and the controller could not be told of it: it goes on believing that this node serves what lies there.</summary>
internal sealed class DirectoryFailureUntoldException(Uuid directory, TimeSpan time)
    : Exception($"the controller could not be told within {time.TotalMilliseconds:0} ms (log.dir.failure.timeout.ms) that log directory {directory} has failed: it would not choose other leaders for what lies there");

/// <summary>
/// Which failures of log directories the controller knows of (KIP-858). One that it has not been told of within <c>log.dir.failure.timeout.ms</c> ends the node:
/// its session then ends too, and others lead. Thread-safe; a directory that has failed stays failed until the node starts again.
/// </summary>
internal sealed class FailureReports(Purgatory deadlines, TimeSpan timeout, IScheduler scheduler, Action<Exception> fatal)
{
    private readonly Lock gate = new();
    private readonly Dictionary<Uuid, Waiter> reports = [];
    private bool isEnded;

    /// <summary>Directories that are offline: the time of each runs from the first time that it is named.</summary>
    public void Failed(IEnumerable<Uuid> directories)
    {
        long deadline = deadlines.DeadlineAfter(timeout);
        lock (gate)
        {
            if (isEnded) return;
            foreach (Uuid directory in directories)
            {
                var told = new Waiter();
                if (reports.TryAdd(directory, told)) _ = scheduler.Start("directory failure", () => WatchAsync(directory, told, deadline));
            }
        }
    }

    /// <summary>The controller has answered a heartbeat that named these.</summary>
    public void Told(IEnumerable<Uuid> directories)
    {
        lock (gate)
        {
            foreach (Uuid directory in directories)
            {
                if (reports.TryGetValue(directory, out Waiter? told)) told.TryEnd(true);
            }
        }
    }

    /// <summary>The node stops: nothing is told any more.</summary>
    public void End()
    {
        lock (gate)
        {
            isEnded = true;
            foreach (Waiter told in reports.Values) told.TryEnd(true);
        }
    }

    private async Task WatchAsync(Uuid directory, Waiter told, long deadline)
    {
        if (!await deadlines.WaitAsync(told, deadline, CancellationToken.None)) fatal(new DirectoryFailureUntoldException(directory, timeout));
    }
}
