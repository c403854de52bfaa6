using System.Buffers.Binary;

namespace Moldau.Raft.Tests.Model;

/// <summary>Three replicas, a network that loses, delays, repeats and reorders, disks that forget; from one seed. Checks raft's promises as it goes.</summary>
internal sealed class ModelCluster
{
    private readonly Random random;
    private readonly List<Envelope> network = [];
    private readonly List<ModelEntry> entries = [];
    private readonly Dictionary<int, int> leaders = [];
    private readonly List<ModelEntry> committed = [];
    private readonly Dictionary<long, Envelope> asked = [];
    private long lastToken;
    private bool isCalm;

    public ModelCluster(int seed)
    {
        random = new Random(seed);
        VoterSet voters = Script.Voters(3);
        Replicas = [.. Enumerable.Range(1, 3).Select(id => new ModelReplica(id, voters, this))];
        foreach (ModelReplica replica in Replicas) replica.Start(NowMs);
    }

    public ModelReplica[] Replicas { get; }

    public long NowMs { get; private set; } = 1000;

    public int CommittedCount => committed.Count;

    public int Elections => leaders.Count;

    public int Random(int bound) => random.Next(bound);

    public long NextValue() => random.NextInt64();

    public bool CutsPowerNow() => !isCalm && random.Next(500) == 0;

    /// <summary>So many random events.</summary>
    public void Run(int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            Step();
            if (i % 50 == 0) CheckLogsMatch();
        }

        CheckLogsMatch();
    }

    /// <summary>No more faults: a leader must come, and everybody must get to know what it commits.</summary>
    public void Settle()
    {
        isCalm = true;
        for (int i = 0; i < 4000; i++) Step(mayAppend: false);
        for (int i = 0; i < 50_000 && !EverybodyKnows(); i++) Step(mayAppend: false);
        Assert.True(EverybodyKnows(), Describe());
        ModelReplica leader = Replicas.Single(replica => replica.Core.IsLeader);
        long end = leader.Core.Log.EndOffset;
        leader.Append(NowMs, 1);
        for (int i = 0; i < 50_000 && !EverybodyKnows(); i++) Step(mayAppend: false);
        Assert.True(EverybodyKnows(), Describe());
        Assert.True(leader.Core.HighWatermark > end);
        CheckLogsMatch();
    }

    public void Send(Envelope envelope)
    {
        if (isCalm || random.Next(10) > 0) network.Add(envelope);
        if (!isCalm && random.Next(20) == 0) network.Add(envelope);
    }

    public void Answer(int from, long token, RaftResponse response)
    {
        if (asked.Remove(token, out Envelope? request)) Send(new Envelope(from, request.From, request.CorrelationId, null, response));
    }

    /// <summary>Election safety: at most one leader in an epoch. Leader completeness: it has every committed record.</summary>
    public void Elected(ModelReplica leader, int epoch)
    {
        if (leaders.TryGetValue(epoch, out int other)) Assert.Equal(other, leader.Id);
        leaders[epoch] = leader.Id;
        Assert.True(leader.Log.Count >= committed.Count);
        for (int i = 0; i < committed.Count; i++) Assert.Same(committed[i], leader.Log[i]);
    }

    /// <summary>State machine safety: what is committed at an offset stays what it is.</summary>
    public void Committed(ModelReplica replica, long highWatermark)
    {
        Assert.True(replica.Log.Count >= highWatermark);
        for (int i = 0; i < highWatermark; i++)
        {
            if (i < committed.Count) Assert.Same(committed[i], replica.Log[i]);
            else committed.Add(replica.Log[i]);
        }
    }

    public byte[] Encode(List<ModelEntry> content)
    {
        byte[] bytes = new byte[content.Count * 8];
        for (int i = 0; i < content.Count; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * 8), entries.Count);
            entries.Add(content[i]);
        }

        return bytes;
    }

    public List<ModelEntry> Decode(ReadOnlySpan<byte> bytes)
    {
        List<ModelEntry> content = [];
        for (; !bytes.IsEmpty; bytes = bytes[8..]) content.Add(entries[(int)BinaryPrimitives.ReadInt64LittleEndian(bytes)]);
        return content;
    }

    private string Describe() => string.Join("\n", Replicas.Select(replica => replica.ToString()));

    private bool EverybodyKnows() =>
        Replicas.Where(replica => replica.Core.IsLeader).ToArray() is [ModelReplica leader]
        && Replicas.All(replica => replica.Core.HighWatermark == leader.Core.Log.EndOffset);

    private void Step(bool mayAppend = true)
    {
        ModelReplica replica = Replicas[random.Next(Replicas.Length)];
        switch (random.Next(100))
        {
            case < 45: Deliver(); break;
            case < 60 when replica.HasFlush: replica.Flush(NowMs); break;
            case < 75: Advance(random.Next(20)); break;
            case < 85 when mayAppend && replica.Core.IsLeader: replica.Append(NowMs, 1 + random.Next(3)); break;
            case 86 when !isCalm: Advance(random.Next(3000)); break;
            case 87 when !isCalm && random.Next(4) == 0:
                replica.Crash();
                replica.Start(NowMs);
                break;
            case 88: replica.TakeSnapshot(); break;
            default: Advance(1); break;
        }
    }

    private void Deliver()
    {
        if (network.Count == 0) return;
        int at = random.Next(network.Count);
        Envelope envelope = network[at];
        network.RemoveAt(at);
        ModelReplica to = Replicas[envelope.To - 1];
        if (envelope.Request is { } request)
        {
            asked[++lastToken] = envelope;
            to.Core.Receive(NowMs, lastToken, request);
        }
        else to.Core.Answered(NowMs, envelope.From, envelope.CorrelationId, envelope.Response!);

        to.Run();
    }

    private void Advance(int ms)
    {
        NowMs += ms;
        foreach (ModelReplica replica in Replicas)
        {
            if (replica.Core.NextDeadlineMs > NowMs) continue;
            replica.Core.Tick(NowMs);
            replica.Run();
        }
    }

    /// <summary>Log matching: two logs that agree on a record's offset and epoch agree on everything before it.</summary>
    private void CheckLogsMatch()
    {
        for (int i = 0; i < Replicas.Length; i++)
        {
            IReadOnlyList<ModelEntry> a = Replicas[i].Log, b = Replicas[(i + 1) % Replicas.Length].Log;
            int last = Math.Min(a.Count, b.Count) - 1;
            while (last >= 0 && a[last].Epoch != b[last].Epoch) last--;
            for (; last >= 0; last--) Assert.Same(a[last], b[last]);
        }
    }
}
