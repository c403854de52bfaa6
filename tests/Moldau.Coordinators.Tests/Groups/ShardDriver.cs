using Moldau.Coordinators.Groups;
using Moldau.Coordinators.Groups.Classic;
using Moldau.Protocol;

namespace Moldau.Coordinators.Tests.Groups;

/// <summary>
/// A shell for one shard with a clock that is set by hand and a log in memory. It carries results out as the contract of
/// <see cref="CoordinatorResult"/> says, through the bytes of the records, and keeps count of who has been answered.
/// </summary>
internal sealed class ShardDriver
{
    private readonly Queue<CoordinatorResult> awaitingCommit = new();
    private readonly Dictionary<ReplyToken, object> answers = [];
    private readonly HashSet<ReplyToken> outstanding = [];
    private readonly TimerQueue timers = new();
    private long lastToken;

    public ShardDriver(GroupConfig? config = null, long nowMs = 1_000_000)
    {
        Config = config ?? new GroupConfig();
        NowMs = nowMs;
        Shard = new GroupShard(Config);
        Carry(Shard.Activate(NowMs));
    }

    private ShardDriver(ShardDriver former)
    {
        Config = former.Config;
        NowMs = former.NowMs;
        Shard = new GroupShard(Config);
        foreach (LogRecord record in former.Log) ReplayLogged(record);
        Log.AddRange(former.Log);
        Carry(Shard.Activate(NowMs));
    }

    public GroupConfig Config { get; }

    public GroupShard Shard { get; private set; }

    public long NowMs { get; private set; }

    public List<LogRecord> Log { get; } = [];

    /// <summary>Writes commit as soon as they are made; off, they wait for <see cref="Commit"/>.</summary>
    public bool CommitsAtOnce { get; set; } = true;

    /// <summary>What the next append says instead of appending.</summary>
    public ErrorCode NextAppend { get; set; }

    /// <summary>Called when a request is answered, while the shard is as it was then.</summary>
    public Action<ReplyToken>? Answered { get; set; }

    public IReadOnlyCollection<ReplyToken> Outstanding => outstanding;

    /// <summary>Random part of the next member id; counts up unless set.</summary>
    public string? NextSuffix { get; set; }

    public ReplyToken Ask(Func<GroupShard, long, ReplyToken, CoordinatorResult> operation)
    {
        var token = new ReplyToken(++lastToken);
        outstanding.Add(token);
        Carry(operation(Shard, NowMs, token));
        return token;
    }

    public string TakeSuffix()
    {
        string suffix = NextSuffix ?? $"{lastToken + 1}";
        NextSuffix = null;
        return suffix;
    }

    public bool IsAnswered(ReplyToken token) => answers.ContainsKey(token);

    public ReplyToken LastToken => new(lastToken);

    public T Answer<T>(ReplyToken token, bool exact = true)
    {
        Assert.True(answers.TryGetValue(token, out object? answer), "the request is still parked");
        return Assert.IsType<T>(answer, exact);
    }

    public void Run(Func<GroupShard, long, CoordinatorResult> step) => Carry(step(Shard, NowMs));

    public void Advance(long ms) => AdvanceTo(NowMs + ms);

    public void AdvanceTo(long timeMs)
    {
        while (timers.NextDeadlineMs is { } deadlineMs && deadlineMs <= timeMs)
        {
            NowMs = Math.Max(NowMs, deadlineMs);
            while (timers.TryTakeDue(NowMs, out TimerKey key)) Carry(Shard.TimerFired(NowMs, key));
        }

        NowMs = timeMs;
    }

    public bool Ticks(TimerKey key)
    {
        TimerCommand[] set = [.. timerLog.Where(command => command.Key == key)];
        return set.Length > 0 && set[^1].DeadlineMs is not null;
    }

    public long? DeadlineOf(TimerKey key) => timerLog.LastOrDefault(command => command.Key == key).DeadlineMs;

    public void Commit()
    {
        while (awaitingCommit.TryDequeue(out CoordinatorResult? written)) Carry(Shard.Committed(NowMs, written));
    }

    public void FailCommits(ErrorCode error)
    {
        while (awaitingCommit.TryDequeue(out CoordinatorResult? written)) Carry(Shard.Failed(NowMs, written, error));
    }

    /// <summary>What a coordinator knows that loads this one's log.</summary>
    public ShardDriver Reload() => new(this);

    public string Durable() => DurableText.Of(Shard);

    public ClassicGroup Group(string groupId) => Shard.Live.Find(groupId) ?? throw new InvalidOperationException($"no group {groupId}");

    private readonly List<TimerCommand> timerLog = [];

    private void Carry(CoordinatorResult result)
    {
        ErrorCode append = result.Records.Count == 0 ? ErrorCode.None : NextAppend;
        if (result.Records.Count > 0) NextAppend = ErrorCode.None;
        if (append == ErrorCode.None)
        {
            foreach (CoordinatorRecord record in result.Records)
            {
                var logged = new LogRecord(GroupRecordCodec.EncodeKey(record.Key), GroupRecordCodec.EncodeValue(record), Log.Count, ProducerId.None, null);
                Log.Add(logged);
                ReplayLogged(logged);
            }
        }

        foreach (TimerCommand command in result.Timers)
        {
            timers.Apply(command);
            timerLog.Add(command);
        }

        foreach (Reply reply in result.Replies)
        {
            Assert.True(outstanding.Remove(reply.Token), $"request {reply.Token.Value} is answered twice");
            answers.Add(reply.Token, reply.Response);
            Answered?.Invoke(reply.Token);
        }

        GroupInvariants.Check(Shard);
        if (append != ErrorCode.None) Carry(Shard.Failed(NowMs, result, append));
        else if (result.AwaitsCommit) awaitingCommit.Enqueue(result);
        if (CommitsAtOnce) Commit();
    }

    public void AppendTransactional(CoordinatorRecord record, ProducerId producer)
    {
        var logged = new LogRecord(GroupRecordCodec.EncodeKey(record.Key), GroupRecordCodec.EncodeValue(record), Log.Count, producer, null);
        Log.Add(logged);
        ReplayLogged(logged);
    }

    public void EndTransaction(ProducerId producer, bool committed)
    {
        var logged = new LogRecord([], null, Log.Count, producer, committed);
        Log.Add(logged);
        ReplayLogged(logged);
    }

    private void ReplayLogged(LogRecord record)
    {
        if (record.EndsTransaction is { } committed)
        {
            Shard.ReplayEndTransaction(record.Producer, committed);
            return;
        }

        CoordinatorRecord decoded = GroupRecordCodec.Decode(record.Key, record.Value)!.Value;
        Shard.Replay(record.Offset, record.Producer, decoded);
    }
}

/// <summary>A record as bytes, or a transaction marker.</summary>
internal sealed record LogRecord(byte[] Key, byte[]? Value, long Offset, ProducerId Producer, bool? EndsTransaction);
