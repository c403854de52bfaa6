using Moldau.Client.Clusters;
using Moldau.Client.Consuming;
using Moldau.Client.Waiting;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Groups;

/// <summary>
/// A consumer's membership in its group: joins in the background, beats the heart between rebalances, and keeps what was found until the consumer's caller polls.
/// </summary>
internal sealed class GroupMembership
{
    private readonly Cluster cluster;
    private readonly ConsumerOptions options;
    private readonly Signal work;
    private readonly GroupConnection connection;
    private readonly GroupJoin join;
    private readonly HeartbeatLoop heartbeats;
    private readonly Lock gate = new();
    private CancellationTokenSource stop = new();
    private Task<JoinResult>? joining;
    private Task beating = Task.CompletedTask;
    private Generation current = Generation.None;
    private string? rejoinReason = "the consumer has subscribed";
    private bool isLost;
    private KafkaException? refused;
    private long polledAt;

    public GroupMembership(Cluster cluster, ConsumerOptions options, int owner, Signal work)
    {
        this.cluster = cluster;
        this.options = options;
        this.work = work;
        connection = new GroupConnection(cluster, options.GroupId!, owner);
        join = new GroupJoin(cluster, connection, options, options.GroupId!);
        heartbeats = new HeartbeatLoop(cluster, connection, options, options.GroupId!, SincePoll, Note);
        Commits = new OffsetCommits(cluster, connection, options);
        polledAt = cluster.Scheduler.Time.GetTimestamp();
    }

    /// <summary>Commits of the member's offsets.</summary>
    public OffsetCommits Commits { get; }

    /// <summary>Who the consumer is in the group now.</summary>
    public Generation Current => current;

    /// <summary>Whether members keep their partitions while others move: all assignors have to be cooperative.</summary>
    public bool IsCooperative => options.Assignors.All(static assignor => assignor.IsCooperative);

    /// <summary>Whether a rebalance is under way.</summary>
    public bool IsJoining => joining is not null;

    /// <summary>Whether a rebalance has to begin.</summary>
    public bool NeedsJoin
    {
        get
        {
            lock (gate) return joining is null && rejoinReason is not null;
        }
    }

    /// <summary>The caller polls; throws when the group has refused the member.</summary>
    public void Polled()
    {
        Volatile.Write(ref polledAt, cluster.Scheduler.Time.GetTimestamp());
        lock (gate)
        {
            if (refused is { } reason) throw reason;
        }
    }

    /// <summary>Whether the partitions were lost since the last call.</summary>
    public bool TakeLost()
    {
        lock (gate)
        {
            bool was = isLost;
            isLost = false;
            return was;
        }
    }

    /// <summary>Asks for a rebalance.</summary>
    public void Rejoin(string reason)
    {
        lock (gate) rejoinReason ??= reason;
        work.Set();
    }

    /// <summary>Begins a rebalance; its end wakes the caller.</summary>
    public async Task BeginAsync(IReadOnlyCollection<string> topics, IReadOnlyCollection<TopicPartition> owned)
    {
        await StopHeartbeatsAsync();
        string reason;
        lock (gate)
        {
            reason = rejoinReason ?? "";
            rejoinReason = null;
        }

        stop = new CancellationTokenSource();
        Task<JoinResult> run = join.RunAsync(current, topics, owned, reason, stop.Token);
        joining = run;
        _ = cluster.Scheduler.Start("group join", () => WakeAfterAsync(run));
    }

    /// <summary>The result of a rebalance that has ended; null while it has not. The heart beats from here on.</summary>
    /// <exception cref="KafkaException">The group does not take the member.</exception>
    public async Task<JoinResult?> TryEndAsync()
    {
        if (joining is not { IsCompleted: true } ended) return null;
        joining = null;
        JoinResult result;
        try
        {
            result = await ended;
        }
        catch (KafkaException)
        {
            Rejoin("the last try has failed");
            throw;
        }

        current = result.Generation;
        CancellationToken token = stop.Token;
        beating = cluster.Scheduler.Start("heartbeats", () => heartbeats.RunAsync(result.Generation, token));
        return result;
    }

    /// <summary>The counts of partitions that are known now, to compare with what a leader dealt out.</summary>
    public Dictionary<string, int> PartitionCounts(IEnumerable<string> topics) => join.PartitionCounts(topics);

    /// <summary>Leaves the group, so that its partitions are dealt out at once. A static member stays, for its next life.</summary>
    public async Task LeaveAsync(string reason)
    {
        await StopHeartbeatsAsync();
        if (joining is { } run)
        {
            joining = null;
            await ((Task)run).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        Generation was = current;
        current = Generation.None;
        Rejoin("the consumer has left");
        if (was.MemberId.Length == 0 || options.GroupInstanceId is not null) return;
        try
        {
            await connection.SendAsync(
                version => LeaveRequest(was, version, reason), ApiKey.LeaveGroup, short.MaxValue, static (LeaveGroupResponse response) => (ErrorCode)response.ErrorCode, null, CancellationToken.None);
        }
        catch (KafkaException)
        {
            // The session timeout does it then.
        }
    }

    private LeaveGroupRequest LeaveRequest(Generation was, short version, string reason)
    {
        var request = new LeaveGroupRequest { GroupId = options.GroupId! };
        if (version < 3)
        {
            request.MemberId = was.MemberId;
            return request;
        }

        LeaveGroupRequest.MemberIdentity member = request.Members.Add();
        member.MemberId = was.MemberId;
        member.Reason = reason;
        return request;
    }

    private TimeSpan SincePoll() => cluster.Scheduler.Time.GetElapsedTime(Volatile.Read(ref polledAt));

    private async Task StopHeartbeatsAsync()
    {
        stop.Cancel();
        await beating;
        beating = Task.CompletedTask;
    }

    private async Task WakeAfterAsync(Task run)
    {
        await run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        work.Set();
    }

    private void Note(Generation of, HeartbeatFinding finding, KafkaException? cause)
    {
        lock (gate)
        {
            if (of != current) return;
            switch (finding)
            {
                case HeartbeatFinding.Rebalance:
                    rejoinReason ??= "the group rebalances";
                    break;
                case HeartbeatFinding.Lost or HeartbeatFinding.Idle:
                    rejoinReason ??= finding == HeartbeatFinding.Idle ? "it had not polled for too long" : "the coordinator had forgotten it";
                    isLost = true;
                    break;
                default:
                    refused = cause;
                    break;
            }
        }

        if (finding == HeartbeatFinding.Idle) _ = cluster.Scheduler.Start("leave group", () => LeaveIdleAsync(of));
        else if (finding == HeartbeatFinding.Lost) current = Generation.None;
        work.Set();
    }

    private async Task LeaveIdleAsync(Generation was)
    {
        current = Generation.None;
        if (options.GroupInstanceId is not null) return;
        try
        {
            await connection.SendAsync(
                version => LeaveRequest(was, version, "it has not polled for longer than max.poll.interval.ms"), ApiKey.LeaveGroup, short.MaxValue, static (LeaveGroupResponse response) => (ErrorCode)response.ErrorCode, null, CancellationToken.None);
        }
        catch (KafkaException)
        {
            // The session timeout does it then.
        }
    }
}
