using Microsoft.Extensions.Logging;
using Moldau.Broker.Partitions;
using Moldau.Broker.Scheduling;
using Moldau.Coordinators;
using Moldau.Coordinators.Groups;
using Moldau.Protocol;
using Moldau.Protocol.Transport;

namespace Moldau.Broker.Groups;

/// <summary>
/// The shell of one <see cref="GroupShard"/>: loads it, then one loop owns it and carries out its results. Begins when this node becomes
/// leader of the partition, ends when it is no longer; another term has another loop.
/// </summary>
/// <remarks>
/// Failures: a log that cannot be read leaves the shard out of service (NOT_COORDINATOR) until the next term; a failed append or commit is
/// the core's to answer. An exception in the core is a bug and ends the node.
/// </remarks>
internal sealed class ShardLoop
{
    private readonly int partition;
    private readonly GroupShard shard;
    private readonly ICoordinatorLog log;
    private readonly GroupCoordinatorOptions options;
    private readonly IScheduler scheduler;
    private readonly ILogger logger;
    private readonly EventLoop loop;
    private readonly TimerQueue timers = new();
    private readonly ShardReplies replies = new();
    private readonly ShardCommits commits;
    private readonly CancellationTokenSource ended = new();
    private ShardWriter? writer;
    private Task loading = Task.CompletedTask;
    private volatile ShardState state = ShardState.Loading;

    public ShardLoop(
        int partition, ICoordinatorLog log, GroupCoordinatorOptions options, IScheduler scheduler, Purgatory purgatory, ILogger logger)
    {
        this.partition = partition;
        this.log = log;
        this.options = options;
        this.scheduler = scheduler;
        this.logger = logger;
        shard = new GroupShard(options.Groups);
        loop = new EventLoop($"groups-{partition}", scheduler, purgatory, () => timers.NextDeadlineMs ?? long.MaxValue, FireTimers);
        commits = new ShardCommits(log, options.CommitTimeout, loop.TryPost, Settle);
    }

    /// <summary>Begins to load, then to serve.</summary>
    /// <param name="formerTerm">
    /// The end of the term before, if this node led then too. Until it is over records may still be added, and this term would miss them.
    /// </param>
    public void Start(Task formerTerm)
    {
        // There is nothing to load from an empty log: the shard serves before anybody can hear that this node leads it, and no first commit meets a load under way.
        bool isAtOnce = formerTerm.IsCompletedSuccessfully && log.EndOffset == 0;
        loading = isAtOnce ? LoadAsync(formerTerm) : scheduler.Start($"load groups-{partition}", () => LoadAsync(formerTerm));
        if (loading.IsFaulted) loading.GetAwaiter().GetResult();
    }

    /// <summary>Ends the term: whatever has no answer yet gets NOT_COORDINATOR.</summary>
    public async Task StopAsync()
    {
        ended.Cancel();
        await loading;
        loop.TryPost(() => End(ErrorCode.NotLeaderOrFollower));
        await loop.StopAsync();
        writer?.Dispose();
    }

    /// <summary>Runs an operation of the core and completes with its answer.</summary>
    /// <param name="operation">Called on the loop with the core, the time and the token to answer to.</param>
    /// <param name="refusal">The answer that says an error.</param>
    public Task<T> AskAsync<T>(Func<GroupShard, long, ReplyToken, CoordinatorResult> operation, Func<ErrorCode, T> refusal)
    {
        if (state == ShardState.Loading) return Task.FromResult(refusal(ErrorCode.CoordinatorLoadInProgress));
        var request = new ParkedRequest<T>(refusal);
        if (!loop.TryPost(() => Run(operation, request))) request.Refuse(ErrorCode.NotCoordinator);
        return request.Task;
    }

    /// <summary>Runs a step of the core that nobody waits for.</summary>
    public void Tell(Func<GroupShard, long, CoordinatorResult> step) => loop.TryPost(() =>
    {
        if (state == ShardState.Active && !ended.IsCancellationRequested) Carry(step(shard, NowMs));
    });

    private long NowMs => scheduler.Time.GetUtcNow().ToUnixTimeMilliseconds();

    private async Task LoadAsync(Task formerTerm)
    {
        await formerTerm;
        var loader = new ShardLoader(shard, log, options.LoadBufferBytes, options.LosesLastRecord);
        ShardState loaded = ShardState.Ended;
        try
        {
            ErrorCode error = await loader.LoadAsync(scheduler, ended.Token);
            if (error == ErrorCode.None) loaded = ShardState.Active;
            else logger.GroupsNotLoaded(partition, error.KafkaName());
        }
        catch (IOException damage)
        {
            logger.GroupsDamaged(partition, damage);
        }

        if (loader.UnknownRecords > 0) logger.UnknownGroupRecords(partition, loader.UnknownRecords);
        if (ended.IsCancellationRequested) loaded = ShardState.Ended;
        if (loaded == ShardState.Active)
        {
            writer = new ShardWriter(shard, log);
            Carry(shard.Activate(NowMs));
            logger.GroupsLoaded(partition, loader.Records);
        }

        state = loaded;
        loop.Start();
    }

    private void Run<T>(Func<GroupShard, long, ReplyToken, CoordinatorResult> operation, ParkedRequest<T> request)
    {
        if (state == ShardState.Ended || ended.IsCancellationRequested)
        {
            request.Refuse(ErrorCode.NotCoordinator);
            return;
        }

        Carry(operation(shard, NowMs, replies.Park(request)));
    }

    private void Carry(CoordinatorResult result)
    {
        ErrorCode appended = result.Records.Count == 0 ? ErrorCode.None : writer!.Append(result);
        foreach (TimerCommand command in result.Timers) timers.Apply(OnLoopClock(command, result.NowMs));
        foreach (Reply reply in result.Replies) replies.Answer(reply);
        if (appended != ErrorCode.None) Carry(shard.Failed(NowMs, result, appended));
        else if (result.AwaitsCommit) commits.Await(result, writer!.End);
    }

    private void Settle(CoordinatorResult result, ErrorCode outcome) =>
        Carry(outcome == ErrorCode.None ? shard.Committed(NowMs, result) : shard.Failed(NowMs, result, outcome));

    private void FireTimers()
    {
        while (timers.TryTakeDue(loop.NowMs, out TimerKey key)) Carry(shard.TimerFired(NowMs, key));
    }

    /// <summary>The core counts in wall-clock time, which goes into records and may jump; timers run on the loop's, which does not.</summary>
    private TimerCommand OnLoopClock(TimerCommand command, long nowMs) =>
        command.DeadlineMs is { } deadlineMs ? command with { DeadlineMs = loop.NowMs + deadlineMs - nowMs } : command;

    private void End(ErrorCode error)
    {
        if (state != ShardState.Active)
        {
            state = ShardState.Ended;
            return;
        }

        // Failed writes may begin rebalances, whose records no longer go anywhere.
        commits.End(error);
        Carry(shard.Deactivate(NowMs, ErrorCode.NotCoordinator));
        timers.Clear();
        state = ShardState.Ended;
        Invariant.That(replies.Count == 0);
    }

    private enum ShardState
    {
        Loading,
        Active,
        Ended,
    }
}
