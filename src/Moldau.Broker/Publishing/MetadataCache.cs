using Moldau.Metadata.Image;

namespace Moldau.Broker.Publishing;

/// <summary>
/// The cluster's metadata as this node has published it: one immutable image, swapped by reference once the node has acted on what changed. Readers take the
/// reference once and see one state. Thread-safe; the publisher alone writes.
/// </summary>
internal sealed class MetadataCache
{
    private readonly Lock gate = new();
    private readonly PriorityQueue<TaskCompletionSource, long> waiting = new();
    private readonly List<(Func<MetadataImage, bool> Holds, TaskCompletionSource Done)> conditions = [];
    private volatile MetadataImage image = MetadataImage.Empty;

    /// <summary>The state now.</summary>
    public MetadataImage Image => image;

    /// <summary>The active controller's node id; -1: none. Set by the quorum.</summary>
    public int ControllerId { get; set; } = -1;

    /// <summary>Shows a new image, and lets those go on who waited for it.</summary>
    public void Publish(MetadataImage next)
    {
        lock (gate)
        {
            image = next;
            while (waiting.TryPeek(out TaskCompletionSource? first, out long offset) && offset <= next.Provenance.LastContainedOffset)
            {
                waiting.Dequeue();
                first.SetResult();
            }

            conditions.RemoveAll(condition => condition.Holds(next) && condition.Done.TrySetResult());
        }
    }

    /// <summary>Completes when the record at an offset of the metadata log has been acted on, so that a client that is told of a change then finds it done.</summary>
    public Task WaitForAsync(long offset)
    {
        lock (gate)
        {
            if (image.Provenance.LastContainedOffset >= offset) return Task.CompletedTask;
            var wait = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Enqueue(wait, offset);
            return wait.Task;
        }
    }

    /// <summary>Completes when an image is shown for which a condition holds.</summary>
    public Task WaitUntilAsync(Func<MetadataImage, bool> condition)
    {
        lock (gate)
        {
            if (condition(image)) return Task.CompletedTask;
            var wait = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            conditions.Add((condition, wait));
            return wait.Task;
        }
    }

    /// <summary>Where clients of a listener reach a broker; null when it is not registered, is fenced, or has no such listener.</summary>
    public Endpoint? Reach(int brokerId, string listener) =>
        image.Cluster.Broker(brokerId) is { Fenced: false } broker ? EndpointOf(broker, listener) : null;

    /// <summary>A broker's endpoint of a listener; null when it has none.</summary>
    public static Endpoint? EndpointOf(BrokerRegistration broker, string listener)
    {
        foreach (Endpoint endpoint in broker.Listeners)
        {
            if (string.Equals(endpoint.Name, listener, StringComparison.OrdinalIgnoreCase)) return endpoint;
        }

        return null;
    }
}
