using Moldau.Client.Waiting;
using Moldau.Protocol.Transport;

namespace Moldau.Client.Clusters;

/// <summary>Repeats what failed for a reason that may pass, with growing pauses, until it succeeds or time is over.</summary>
internal sealed class Retries(IScheduler scheduler, ClientOptions options)
{
    /// <summary>Runs <paramref name="attempt"/> until it gives a result.</summary>
    /// <exception cref="KafkaException">One that is not retriable, at once; the last one when time is over.</exception>
    public async Task<T> RunAsync<T>(string what, TimeSpan timeout, Func<CancellationToken, Task<T>> attempt, CancellationToken cancellation)
    {
        var deadline = new Deadline(scheduler.Time, timeout);
        Backoff backoff = NewBackoff();
        using CancellationTokenSource over = timeout == Timeout.InfiniteTimeSpan ? new() : new(timeout, scheduler.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellation);
        KafkaException? last = null;
        while (true)
        {
            try
            {
                return await attempt(either.Token);
            }
            catch (KafkaException e) when (e.IsRetriable)
            {
                last = e;
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested && !cancellation.IsCancellationRequested)
            {
                throw last ?? new KafkaTimeoutException($"{what}: no answer within {timeout.TotalSeconds:0.###} s");
            }

            TimeSpan pause = backoff.Next();
            if (deadline.AtMost(pause) < pause) throw last;
            await scheduler.Delay(pause, cancellation);
        }
    }

    public Backoff NewBackoff() => new(scheduler, options.RetryBackoff, options.RetryBackoffMax);
}
