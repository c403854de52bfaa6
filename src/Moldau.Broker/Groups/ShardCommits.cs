using Moldau.Coordinators;
using Moldau.Protocol;

namespace Moldau.Broker.Groups;

/// <summary>
/// The results of a shard that wait for their commit, in order. One wait at a time watches the log, and covers whatever was written when it
/// began; what is written meanwhile waits for the next. Used by the shard's loop alone, but for the wait itself.
/// </summary>
/// <param name="log">The log.</param>
/// <param name="timeout">offsets.commit.timeout.ms.</param>
/// <param name="post">Brings news back onto the loop.</param>
/// <param name="settle">Called on the loop for each result with the outcome of its commit.</param>
internal sealed class ShardCommits(ICoordinatorLog log, TimeSpan timeout, Func<Action, bool> post, Action<CoordinatorResult, ErrorCode> settle)
{
    private readonly Queue<(long End, CoordinatorResult Result)> waiting = new();
    private readonly CancellationTokenSource ended = new();
    private bool isWatching;

    /// <summary>Hands a result back when everything below an offset is committed: at once, where it is.</summary>
    public void Await(CoordinatorResult result, long end)
    {
        if (waiting.Count == 0 && log.CommittedOffset >= end)
        {
            settle(result, ErrorCode.None);
            return;
        }

        waiting.Enqueue((end, result));
        Watch();
    }

    /// <summary>Gives up: everything that waits has failed.</summary>
    public void End(ErrorCode error)
    {
        ended.Cancel();
        while (waiting.TryDequeue(out (long End, CoordinatorResult Result) first)) settle(first.Result, error);
    }

    private void Watch()
    {
        if (isWatching || waiting.Count == 0 || ended.IsCancellationRequested) return;
        isWatching = true;
        long end = waiting.Max(each => each.End);
        _ = WatchAsync(end);
    }

    private async Task WatchAsync(long end)
    {
        ErrorCode outcome;
        try
        {
            outcome = await log.WaitForCommitAsync(end, timeout, ended.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        post(() => Settle(end, outcome));
    }

    /// <summary>A time-out and a lost leadership concern what was covered by the wait; the rest finds out for itself.</summary>
    private void Settle(long end, ErrorCode outcome)
    {
        isWatching = false;
        while (waiting.TryPeek(out (long End, CoordinatorResult Result) first) && first.End <= end)
        {
            waiting.Dequeue();
            settle(first.Result, outcome);
        }

        Watch();
    }
}
