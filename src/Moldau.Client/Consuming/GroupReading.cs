using Moldau.Client.Admin;
using Moldau.Client.Clusters;
using Moldau.Client.Groups;
using Moldau.Client.Waiting;
using Moldau.Protocol;

namespace Moldau.Client.Consuming;

/// <summary>Brings a consumer's partitions in line with its group: revokes, joins, takes over, commits by itself. Used by the consumer's caller.</summary>
internal sealed class GroupReading(Cluster cluster, ConsumerOptions options, AssignedPartitions assigned, int owner, Signal work)
{
    private readonly GroupMembership membership = new(cluster, options, owner, work);
    private IReadOnlyCollection<string> topics = [];
    private IRebalanceListener? listener;
    private IReadOnlyDictionary<string, int>? leaderSaw;
    private bool revoked;
    private long committedAt = cluster.Scheduler.Time.GetTimestamp();
    private Task committing = Task.CompletedTask;

    public GroupMembership Membership => membership;

    public void Subscribe(IReadOnlyCollection<string> subscription, IRebalanceListener? told)
    {
        listener = told;
        topics = subscription;
        foreach (string topic in subscription) cluster.AddInterest(topic, options.AllowTopicCreation);
        membership.Rejoin("the subscription has changed");
    }

    /// <summary>One step of a poll.</summary>
    /// <exception cref="KafkaException">The group refuses the consumer.</exception>
    public async Task AdvanceAsync(CancellationToken cancellation)
    {
        if (topics.Count == 0) return;
        membership.Polled();
        if (membership.TakeLost()) await LoseAsync(cancellation);
        if (await membership.TryEndAsync() is { } result) await TakeOverAsync(result, cancellation);
        if (leaderSaw is not null && !SameCounts(leaderSaw, membership.PartitionCounts(leaderSaw.Keys.Concat(topics).Distinct()))) membership.Rejoin("the number of partitions has changed");
        if (membership.NeedsJoin) await BeginAsync(cancellation);
        else AutoCommit();
    }

    /// <summary>Commits what has been given out.</summary>
    public Task CommitAsync(IReadOnlyCollection<CommittedOffset> offsets, CancellationToken cancellation) => CommitNotedAsync(offsets, cancellation);

    /// <summary>What has been given out, as it would be committed.</summary>
    public List<CommittedOffset> Positions() =>
        [.. assigned.All.Where(static each => each.Position >= 0).Select(static each => new CommittedOffset(each.Partition, each.Position, each.PositionEpoch))];

    /// <summary>Ends the membership.</summary>
    public async Task LeaveAsync(string reason, CancellationToken cancellation)
    {
        await committing;
        if (assigned.All.Count > 0) await RevokeAsync(assigned.Names, cancellation);
        topics = [];
        leaderSaw = null;
        await membership.LeaveAsync(reason);
    }

    private async Task BeginAsync(CancellationToken cancellation)
    {
        leaderSaw = null;
        // With eager assignors everybody gives up everything first, once for each rebalance.
        if (!membership.IsCooperative && !revoked)
        {
            if (assigned.All.Count > 0) await RevokeAsync(assigned.Names, cancellation);
            revoked = true;
        }
        else if (options.AutoCommit)
        {
            await TryCommitAsync(Positions(), cancellation);
        }

        await membership.BeginAsync(topics, assigned.Names);
    }

    private async Task TakeOverAsync(JoinResult result, CancellationToken cancellation)
    {
        revoked = false;
        leaderSaw = result.LeaderSaw;
        committedAt = cluster.Scheduler.Time.GetTimestamp();
        HashSet<TopicPartition> now = [.. result.Partitions];
        List<TopicPartition> gone = assigned.Names.FindAll(partition => !now.Contains(partition));
        List<TopicPartition> added = [.. result.Partitions.Where(partition => !assigned.Has(partition))];
        if (gone.Count > 0)
        {
            await RevokeAsync(gone, cancellation);
            // What was given up can be dealt out only now (KIP-429).
            membership.Rejoin("it has given up partitions");
        }

        foreach (TopicPartition partition in added)
        {
            cluster.AddInterest(partition.Topic, options.AllowTopicCreation);
            assigned.Add(partition);
        }

        if (listener is not null) await listener.AssignedAsync(added, cancellation);
    }

    private async Task RevokeAsync(List<TopicPartition> partitions, CancellationToken cancellation)
    {
        if (options.AutoCommit) await TryCommitAsync(Positions().FindAll(each => partitions.Contains(each.Partition)), cancellation);
        try
        {
            if (listener is not null) await listener.RevokedAsync(partitions, cancellation);
        }
        finally
        {
            foreach (TopicPartition partition in partitions) assigned.Remove(partition);
        }
    }

    private async Task LoseAsync(CancellationToken cancellation)
    {
        List<TopicPartition> lost = assigned.Names;
        assigned.Clear();
        leaderSaw = null;
        if (lost.Count > 0 && listener is not null) await listener.LostAsync(lost, cancellation);
    }

    /// <summary>Commits in the background what earlier polls have given, when it is time.</summary>
    public void AutoCommit()
    {
        if (!options.AutoCommit || membership.IsJoining || !committing.IsCompleted) return;
        if (cluster.Scheduler.Time.GetElapsedTime(committedAt) < options.AutoCommitInterval) return;
        committedAt = cluster.Scheduler.Time.GetTimestamp();
        List<CommittedOffset> positions = Positions();
        if (positions.Count > 0) committing = cluster.Scheduler.Start("auto commit", () => TryCommitAsync(positions, CancellationToken.None));
    }

    // A commit that fails is made good by the next one, or its records are read again: at least once.
    private async Task TryCommitAsync(List<CommittedOffset> offsets, CancellationToken cancellation)
    {
        try
        {
            await CommitNotedAsync(offsets, cancellation);
        }
        catch (KafkaException)
        {
            // See above.
        }
    }

    private async Task CommitNotedAsync(IReadOnlyCollection<CommittedOffset> offsets, CancellationToken cancellation)
    {
        try
        {
            await membership.Commits.CommitAsync(membership.Current, offsets, cancellation);
        }
        catch (KafkaException e) when (e.Code is ErrorCode.RebalanceInProgress or ErrorCode.IllegalGeneration or ErrorCode.UnknownMemberId)
        {
            membership.Rejoin("a commit was refused");
            throw;
        }
    }

    private static bool SameCounts(IReadOnlyDictionary<string, int> left, Dictionary<string, int> right) =>
        left.Count == right.Count && left.All(each => right.GetValueOrDefault(each.Key) == each.Value);
}
