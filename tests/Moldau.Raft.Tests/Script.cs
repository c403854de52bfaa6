using Moldau.Protocol;

namespace Moldau.Raft.Tests;

/// <summary>One core under a script: a step goes in, the effects come out.</summary>
internal sealed class Script
{
    public const int ElectionTimeoutMs = 1000, FetchTimeoutMs = 2000;

    private Script(RaftCore core) => Core = core;

    public RaftCore Core { get; }

    public long NowMs { get; private set; } = 10_000;

    public static Uuid Directory(int id) => new(7, id);

    public static ReplicaKey Key(int id) => new(id, Directory(id));

    public static VoterNode Voter(int id) => new(Key(id), [new VoterEndpoint("CONTROLLER", "localhost", 9000 + id)], 0, 1);

    public static VoterSet Voters(int count) => new(Enumerable.Range(1, count).Select(Voter));

    /// <summary>Replica 1 of so many voters, not started. Random numbers are all 0: an election is due exactly at the timeout.</summary>
    public static Script Of(int voters, ElectionState? election = null, Action<LogState, VoterHistory>? recovered = null, RaftOptions? options = null)
    {
        var log = new LogState();
        var history = new VoterHistory(VoterSet.Empty);
        if (recovered is null) history.Reset(0, Voters(voters), 1);
        else recovered(log, history);
        options ??= new RaftOptions { Local = Key(1), LocalEndpoints = Voter(1).Endpoints };
        return new Script(new RaftCore(options, election ?? ElectionState.Initial, log, history, _ => 0));
    }

    /// <summary>The same, started; the effects of the start are dropped.</summary>
    public static Script Started(int voters, ElectionState? election = null, Action<LogState, VoterHistory>? recovered = null)
    {
        Script script = Of(voters, election, recovered);
        script.Start();
        return script;
    }

    /// <summary>Replica 1 as the leader of three, its epoch's first batch (offsets 0 to 2) flushed, all requests answered.</summary>
    public static Script Leading()
    {
        Script script = Started(3);
        script.After(ElectionTimeoutMs);
        script.AnswerAll(new RaftVoteResponse(ErrorCode.None, -1, 0, true));
        script.AnswerAll(new RaftVoteResponse(ErrorCode.None, -1, 1, true));
        script.AnswerAll(new RaftBeginEpochResponse(ErrorCode.None, 1, 1));
        script.Flush();
        Assert.Equal(RaftRole.Leader, script.Core.Role);
        return script;
    }

    /// <summary>Replica 1 as a follower of replica 2 in epoch 1, with one fetch under way.</summary>
    public static Script Following(Action<LogState, VoterHistory>? recovered = null)
    {
        Script script = Started(3, new ElectionState(1, 2, null), recovered);
        Assert.Equal(RaftRole.Follower, script.Core.Role);
        return script;
    }

    public IReadOnlyList<RaftEffect> Start()
    {
        Core.Start(NowMs);
        return Take();
    }

    /// <summary>So many milliseconds pass, with a tick at every deadline in between.</summary>
    public IReadOnlyList<RaftEffect> After(long ms)
    {
        List<RaftEffect> effects = [];
        long end = NowMs + ms;
        while (Core.NextDeadlineMs <= end)
        {
            NowMs = Math.Max(NowMs, Core.NextDeadlineMs);
            Core.Tick(NowMs);
            effects.AddRange(Take());
        }

        NowMs = end;
        return effects;
    }

    public IReadOnlyList<RaftEffect> Receive(RaftRequest request, long token = 1)
    {
        Core.Receive(NowMs, token, request);
        return Take();
    }

    /// <summary>Receives a request and returns its answer.</summary>
    public T Ask<T>(RaftRequest request) where T : RaftResponse =>
        Receive(request, token: 77).Select(effect => effect switch
        {
            SendResponse { Token: 77 } sent => sent.Response,
            AnswerFetch { Token: 77 } fetch => fetch.Response,
            _ => null,
        }).OfType<T>().Single();

    public IReadOnlyList<RaftEffect> Append(int records)
    {
        Core.Append(NowMs, records);
        return Take();
    }

    public IReadOnlyList<RaftEffect> Flush()
    {
        Core.Flushed(NowMs, Core.Log.EndOffset, Core.Log.Generation);
        return Take();
    }

    public IReadOnlyList<RaftEffect> Flushed(long offset, int generation)
    {
        Core.Flushed(NowMs, offset, generation);
        return Take();
    }

    /// <summary>Answers the latest request that went to each node with the same answer.</summary>
    public IReadOnlyList<RaftEffect> AnswerAll(RaftResponse response)
    {
        List<RaftEffect> effects = [];
        foreach (SendRequest sent in sentLast.Values.ToArray())
        {
            sentLast.Remove(sent.To.Id);
            Core.Answered(NowMs, sent.To.Id, sent.CorrelationId, response);
            effects.AddRange(Take());
        }

        return effects;
    }

    /// <summary>Answers the latest request that went to a node.</summary>
    public IReadOnlyList<RaftEffect> Answer(int nodeId, RaftResponse response)
    {
        SendRequest sent = sentLast[nodeId];
        sentLast.Remove(nodeId);
        Core.Answered(NowMs, nodeId, sent.CorrelationId, response);
        return Take();
    }

    private readonly SortedDictionary<int, SendRequest> sentLast = [];

    public IReadOnlyList<RaftEffect> Take()
    {
        IReadOnlyList<RaftEffect> effects = Core.TakeEffects();
        foreach (SendRequest sent in effects.OfType<SendRequest>()) sentLast[sent.To.Id] = sent;
        return effects;
    }

    public static FetchedRecords Records(long baseOffset, int epoch, params int[] counts)
    {
        List<BatchOutline> batches = [];
        foreach (int count in counts)
        {
            batches.Add(new BatchOutline(baseOffset, baseOffset + count - 1, epoch, 100));
            baseOffset += count;
        }

        return new FetchedRecords(new byte[100 * counts.Length], [.. batches]);
    }

    public static RaftFetchResponse Fetched(FetchedRecords? records, long highWatermark = -1, int epoch = 1, int leader = 2) =>
        new(ErrorCode.None, leader, epoch, highWatermark, 0, FetchCheck.Valid, records);

    public static RaftFetchRequest Fetch(int replica, long offset, int lastEpoch, int epoch = 1, int maxWaitMs = 500, long highWatermark = long.MaxValue) =>
        new(Key(replica), epoch, offset, lastEpoch, maxWaitMs, highWatermark);

    public static RaftVoteRequest Vote(int candidate, int epoch, long logEnd = 100, int lastEpoch = 0, bool preVote = false) =>
        new(Key(1), Key(candidate), epoch, new OffsetAndEpoch(logEnd, lastEpoch), preVote);
}
