using System.Runtime.CompilerServices;
using Moldau.Client.Admin;
using Moldau.Client.Clusters;
using Moldau.Client.Waiting;
using Moldau.Protocol;

namespace Moldau.Client.Consuming;

/// <summary>
/// Reads records of partitions that are assigned by hand (<see cref="Assign"/>) or by a group (<see cref="Subscribe"/>). One call at a time; a group's heart beats in the
/// background.
/// </summary>
/// <example>
/// <code>
/// await using var consumer = new Consumer(client, new ConsumerOptions { GroupId = "readers" });
/// consumer.Subscribe(["lines"]);
/// await foreach (ConsumedRecord record in consumer.ReadAsync(cancellation)) Handle(record.Value.Span);
/// </code>
/// </example>
public sealed class Consumer : IAsyncDisposable
{
    private readonly Cluster cluster;
    private readonly ConsumerOptions options;
    private readonly AssignedPartitions assigned = new();
    private readonly Signal work;
    private readonly MetadataWish metadata;
    private readonly Fetcher fetcher;
    private readonly PositionFinder positions;
    private readonly GroupReading? group;
    private readonly int owner;
    private bool isSubscribed;
    private bool closed;

    /// <summary>A consumer on a client's connections and metadata.</summary>
    public Consumer(KafkaClient client, ConsumerOptions? options = null)
    {
        cluster = client.Cluster;
        this.options = options ?? new ConsumerOptions();
        owner = cluster.NextOwner();
        work = new Signal(cluster.Scheduler.Time);
        metadata = new MetadataWish(cluster, work);
        fetcher = new Fetcher(cluster, this.options, owner, work, metadata);
        positions = new PositionFinder(cluster, this.options, work);
        if (this.options.GroupId is not null) group = new GroupReading(cluster, this.options, assigned, owner, work);
    }

    /// <summary>What the consumer reads at the moment.</summary>
    public IReadOnlyList<TopicPartition> Assignment => assigned.Names;

    /// <summary>Reads exactly these partitions from now on. Those that it has read already keep their position.</summary>
    /// <exception cref="InvalidOperationException">It is subscribed.</exception>
    public void Assign(IEnumerable<TopicPartition> partitions)
    {
        if (isSubscribed) throw new InvalidOperationException("the consumer is subscribed: unsubscribe before assigning by hand");
        HashSet<TopicPartition> wanted = [.. partitions];
        foreach (TopicPartition partition in assigned.Names)
        {
            if (!wanted.Contains(partition)) assigned.Remove(partition);
        }

        foreach (TopicPartition partition in wanted)
        {
            cluster.AddInterest(partition.Topic, options.AllowTopicCreation);
            assigned.Add(partition);
        }
    }

    /// <summary>Reads the share of these topics that the group gives it.</summary>
    /// <param name="topics">Their names.</param>
    /// <param name="listener">Told what comes and goes.</param>
    /// <exception cref="InvalidOperationException">There is no group, or partitions are assigned by hand.</exception>
    public void Subscribe(IEnumerable<string> topics, IRebalanceListener? listener = null)
    {
        if (group is null) throw new InvalidOperationException("subscribing needs a group: set GroupId, or use Assign");
        if (!isSubscribed && assigned.All.Count > 0) throw new InvalidOperationException("partitions are assigned by hand: assign none before subscribing");
        isSubscribed = true;
        group.Subscribe([.. topics.Distinct()], listener);
    }

    /// <summary>Leaves the group, or gives up what is assigned by hand.</summary>
    public async Task UnsubscribeAsync(CancellationToken cancellation = default)
    {
        if (isSubscribed) await group!.LeaveAsync("the consumer has unsubscribed", cancellation);
        isSubscribed = false;
        assigned.Clear();
    }

    /// <summary>Goes on at an offset.</summary>
    /// <exception cref="InvalidOperationException">The partition is not assigned.</exception>
    public void Seek(TopicPartition partition, long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        assigned[partition].SeekTo(offset);
    }

    /// <summary>Goes on at an end of the log or at a time; looked up by the next poll.</summary>
    /// <exception cref="InvalidOperationException">The partition is not assigned.</exception>
    public void Seek(TopicPartition partition, OffsetSpec spec) => assigned[partition].Reset(spec);

    /// <summary>Gives out nothing of a partition until <see cref="Resume"/>.</summary>
    /// <exception cref="InvalidOperationException">The partition is not assigned.</exception>
    public void Pause(TopicPartition partition) => assigned[partition].IsPaused = true;

    /// <summary>Ends <see cref="Pause"/>.</summary>
    /// <exception cref="InvalidOperationException">The partition is not assigned.</exception>
    public void Resume(TopicPartition partition)
    {
        assigned[partition].IsPaused = false;
        work.Set();
    }

    /// <summary>The next offset that will be given out; null while it is not known: the next polls look it up.</summary>
    /// <exception cref="InvalidOperationException">The partition is not assigned.</exception>
    public long? Position(TopicPartition partition) => assigned[partition].Position is >= 0 and var position ? position : null;

    /// <summary>The end of the partition as of the last fetch: what read_committed sees, or the high watermark; null before the first.</summary>
    /// <exception cref="InvalidOperationException">The partition is not assigned.</exception>
    public long? EndOffset(TopicPartition partition)
    {
        AssignedPartition known = assigned[partition];
        long end = options.IsolationLevel == IsolationLevel.ReadCommitted ? known.LastStableOffset : known.HighWatermark;
        return end >= 0 ? end : null;
    }

    /// <summary>The next records, up to <see cref="ConsumerOptions.PollRecordsMax"/>; none when the time is over first.</summary>
    /// <exception cref="KafkaException">A partition cannot be read, or the group refuses the consumer. Polling again goes on where it was.</exception>
    public async Task<IReadOnlyList<ConsumedRecord>> PollAsync(TimeSpan timeout, CancellationToken cancellation = default)
    {
        ObjectDisposedException.ThrowIf(closed, this);
        cancellation.ThrowIfCancellationRequested();
        var deadline = new Deadline(cluster.Scheduler.Time, timeout);
        using CancellationTokenRegistration registration = cancellation.UnsafeRegister(static signal => ((Signal)signal!).Set(), work);
        while (true)
        {
            if (isSubscribed) await group!.AdvanceAsync(cancellation);
            else group?.AutoCommit();
            positions.Advance(assigned.All);
            fetcher.Send(assigned.All);
            List<ConsumedRecord> records = fetcher.Collect(assigned.Has);
            // While the caller works on these, the next ones come.
            fetcher.Send(assigned.All);
            if (records.Count > 0) return records;
            metadata.WantFresh();
            cancellation.ThrowIfCancellationRequested();
            if (deadline.IsOver) return [];
            // The group has things to do by the clock: committing, noticing that it was idle.
            await work.WaitAsync(isSubscribed ? deadline.AtMost(options.HeartbeatInterval) : deadline.Left);
        }
    }

    /// <summary>Records without end, until cancelled. A record counts as read when the next one is asked for or the loop is left.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="KafkaException">As <see cref="PollAsync"/>.</exception>
    public async IAsyncEnumerable<ConsumedRecord> ReadAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        while (true)
        {
            IReadOnlyList<ConsumedRecord> records = await PollAsync(Timeout.InfiniteTimeSpan, cancellation);
            int next = 0;
            try
            {
                while (next < records.Count) yield return records[next++];
            }
            finally
            {
                Unread(records, next);
            }
        }
    }

    /// <summary>Commits what has been given out so far, for the group.</summary>
    /// <exception cref="InvalidOperationException">There is no group.</exception>
    /// <exception cref="KafkaException">The partitions are others' now (ILLEGAL_GENERATION, UNKNOWN_MEMBER_ID), are about to be (REBALANCE_IN_PROGRESS), or another reason.</exception>
    public Task CommitAsync(CancellationToken cancellation = default) => Group.CommitAsync(Group.Positions(), cancellation);

    /// <summary>Commits given offsets: of each partition the next one to read.</summary>
    /// <exception cref="InvalidOperationException">There is no group.</exception>
    /// <exception cref="KafkaException">As the other.</exception>
    public Task CommitAsync(IReadOnlyCollection<CommittedOffset> offsets, CancellationToken cancellation = default) => Group.CommitAsync(offsets, cancellation);

    /// <summary>Commits by itself if so configured, leaves the group and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        if (closed) return;
        closed = true;
        if (isSubscribed) await group!.LeaveAsync("the consumer was closed", CancellationToken.None);
        else if (group is not null && options.AutoCommit && assigned.All.Count > 0) await CommitLastAsync();
        metadata.Stop();
        await cluster.Links.CloseAsync(owner);
        work.Dispose();
    }

    private GroupReading Group => group ?? throw new InvalidOperationException("committing needs a group: set GroupId");

    private async Task CommitLastAsync()
    {
        try
        {
            await group!.CommitAsync(group.Positions(), CancellationToken.None);
        }
        catch (KafkaException)
        {
            // The records are read again: at least once.
        }
    }

    // A loop that is left early has not seen the rest.
    private void Unread(IReadOnlyList<ConsumedRecord> records, int from)
    {
        HashSet<TopicPartition> done = [];
        for (int i = from; i < records.Count; i++)
        {
            ConsumedRecord record = records[i];
            if (done.Add(record.Partition) && assigned.Has(record.Partition)) assigned[record.Partition].SeekTo(record.Offset, record.LeaderEpoch);
        }
    }
}
