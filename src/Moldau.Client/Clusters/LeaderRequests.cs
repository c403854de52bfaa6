using Moldau.Client.Connections;
using Moldau.Client.Waiting;
using Moldau.Protocol;

namespace Moldau.Client.Clusters;

/// <summary>Asks the leaders of partitions, one request a broker; partitions whose leader has moved are asked again.</summary>
internal sealed class LeaderRequests(Cluster cluster)
{
    /// <summary>Sends one request for some partitions to the broker that leads them and gives each one's error.</summary>
    public delegate Task<List<(TopicPartition Partition, ErrorCode Error)>> Ask(KafkaConnection connection, List<TopicPartition> partitions, CancellationToken cancellation);

    /// <summary>Asks about all partitions until each has an answer that will not change, or time is over.</summary>
    /// <returns>Each partition's last error.</returns>
    /// <exception cref="KafkaException">The request itself cannot be made: the API is not there.</exception>
    public async Task<Dictionary<TopicPartition, ErrorCode>> RunAsync(
        IReadOnlyList<TopicPartition> partitions, string what, TimeSpan timeout, Ask ask, CancellationToken cancellation)
    {
        var deadline = new Deadline(cluster.Scheduler.Time, timeout);
        Backoff backoff = cluster.Retries.NewBackoff();
        Dictionary<TopicPartition, ErrorCode> results = [];
        foreach (TopicPartition partition in partitions) results[partition] = ErrorCode.LeaderNotAvailable;
        List<TopicPartition> open = [.. partitions];
        while (true)
        {
            await FindAsync(open, what, deadline, cancellation);
            await AskOnceAsync(open, results, ask, cancellation);
            open.RemoveAll(partition => !results[partition].IsRetriable());
            TimeSpan pause = backoff.Next();
            if (open.Count == 0 || deadline.AtMost(pause) < pause) return results;
            await cluster.Scheduler.Delay(pause, cancellation);
            await RefreshAsync(what, deadline, cancellation);
        }
    }

    private async Task FindAsync(List<TopicPartition> partitions, string what, Deadline deadline, CancellationToken cancellation)
    {
        ClusterSnapshot known = cluster.Snapshot;
        if (partitions.TrueForAll(partition => known.LeaderOf(partition) is not null)) return;
        foreach (TopicPartition partition in partitions) cluster.AddInterest(partition.Topic, mayCreate: false);
        await RefreshAsync(what, deadline, cancellation);
    }

    private Task RefreshAsync(string what, Deadline deadline, CancellationToken cancellation) =>
        cluster.Retries.RunAsync(what, deadline.Left, async token =>
        {
            await cluster.RefreshAsync(token);
            return true;
        }, cancellation);

    private async Task AskOnceAsync(List<TopicPartition> partitions, Dictionary<TopicPartition, ErrorCode> results, Ask ask, CancellationToken cancellation)
    {
        ClusterSnapshot known = cluster.Snapshot;
        List<Task<List<(TopicPartition, ErrorCode)>>> asked = [];
        foreach (IGrouping<BrokerEndpoint?, TopicPartition> group in partitions.GroupBy(known.LeaderOf))
        {
            if (group.Key is { } leader) asked.Add(AskLeaderAsync(leader, [.. group], ask, cancellation));
            else foreach (TopicPartition partition in group) results[partition] = Missing(known, partition);
        }

        foreach (List<(TopicPartition Partition, ErrorCode Error)> answers in await Task.WhenAll(asked))
        {
            foreach ((TopicPartition partition, ErrorCode error) in answers) results[partition] = error;
        }
    }

    private async Task<List<(TopicPartition, ErrorCode)>> AskLeaderAsync(BrokerEndpoint leader, List<TopicPartition> partitions, Ask ask, CancellationToken cancellation)
    {
        try
        {
            KafkaConnection connection = await cluster.Links.ConnectAsync(leader, LinkPurpose.General, 0, cancellation);
            return await ask(connection, partitions, cancellation);
        }
        catch (KafkaException e) when (e.IsRetriable)
        {
            return [.. partitions.Select(partition => (partition, e.Code))];
        }
    }

    private static ErrorCode Missing(ClusterSnapshot known, TopicPartition partition) => known.Topic(partition.Topic) switch
    {
        null => ErrorCode.UnknownTopicOrPartition,
        { Error: not ErrorCode.None } topic => topic.Error,
        { } topic => topic.Partition(partition.Partition) is null ? ErrorCode.UnknownTopicOrPartition : ErrorCode.LeaderNotAvailable,
    };
}
