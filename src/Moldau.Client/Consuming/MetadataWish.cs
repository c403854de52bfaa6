using Moldau.Client.Clusters;
using Moldau.Client.Waiting;

namespace Moldau.Client.Consuming;

/// <summary>Refreshes metadata for a consumer, in the background and with growing pauses, and wakes it afterwards.</summary>
internal sealed class MetadataWish(Cluster cluster, Signal work)
{
    private readonly Backoff backoff = cluster.Retries.NewBackoff();
    private readonly Errand refresh = new(cluster.Scheduler, work);
    private bool stopped;

    /// <summary>Has the metadata refreshed, unless that is under way.</summary>
    public void Want()
    {
        if (!refresh.IsRunning && !stopped) refresh.Start("consumer metadata", RefreshAsync);
    }

    /// <summary>Has the metadata refreshed if they are old.</summary>
    public void WantFresh()
    {
        if (cluster.IsStale) Want();
    }

    /// <summary>Wakes the consumer after a while.</summary>
    public void WakeIn(TimeSpan pause)
    {
        if (!stopped) _ = cluster.Scheduler.Start("consumer pause", () => WakeAsync(pause));
    }

    public void Stop() => stopped = true;

    private async Task WakeAsync(TimeSpan pause)
    {
        await cluster.Scheduler.Delay(pause);
        work.Set();
    }

    private async Task RefreshAsync()
    {
        await cluster.Scheduler.Delay(backoff.Next());
        try
        {
            await cluster.RefreshAsync(CancellationToken.None);
            backoff.Reset();
        }
        catch (KafkaException)
        {
            // The next poll finds the metadata as they were and wishes again.
        }
    }
}
