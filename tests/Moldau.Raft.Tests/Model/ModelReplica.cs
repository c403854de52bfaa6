using System.Buffers.Binary;
using System.Collections.Immutable;
using Moldau.Protocol;

namespace Moldau.Raft.Tests.Model;

/// <summary>A record of the model's log. Control records carry their content, others a value of their own.</summary>
internal sealed record ModelEntry(int Epoch, long Value, ControlRecord? Control);

/// <summary>A core with a disk that forgets what was not flushed.</summary>
internal sealed class ModelReplica(int id, VoterSet voters, ModelCluster cluster)
{
    private ElectionState election = ElectionState.Initial;
    private List<ModelEntry> log = [];
    private long durable;
    private (OffsetAndEpoch Id, List<ModelEntry> Content)? snapshot;
    private readonly List<(long Offset, int Generation)> flushes = [];
    private MemoryStream? fetching;

    public int Id => id;

    public RaftCore Core { get; private set; } = null!;

    /// <summary>Everything the replica holds, from offset 0, whether in the snapshot or in the log.</summary>
    public IReadOnlyList<ModelEntry> Log => log;

    public bool HasFlush => flushes.Count > 0;

    /// <summary>Starts, or starts again with what the disk kept.</summary>
    public void Start(long nowMs)
    {
        flushes.Clear();
        var state = new LogState();
        var history = new VoterHistory(VoterSet.Empty);
        history.Reset(0, voters, 1);
        int start = 0;
        if (snapshot is { } taken)
        {
            start = (int)taken.Id.Offset;
            if (log.Count < start) log = [.. taken.Content];
            state.StartAfter(taken.Id);
        }

        state.Restore(start, log.Count, log.Count);
        for (int offset = 0; offset < log.Count; offset++)
        {
            if (offset >= start) state.Epochs.Append(log[offset].Epoch, offset);
            Note(history, offset, log[offset].Control);
        }

        durable = log.Count;
        var options = new RaftOptions { Local = Script.Key(id), LocalEndpoints = Script.Voter(id).Endpoints };
        Core = new RaftCore(options, election, state, history, cluster.Random);
        Core.Start(nowMs);
        Run();
    }

    /// <summary>Power is cut: of what was not flushed some first part survives.</summary>
    public void Crash()
    {
        int kept = (int)durable + cluster.Random(log.Count - (int)durable + 1);
        log.RemoveRange(kept, log.Count - kept);
    }

    public void Append(long nowMs, int count)
    {
        long baseOffset = Core.Append(nowMs, count);
        Assert.Equal(log.Count, baseOffset);
        for (int i = 0; i < count; i++) log.Add(new ModelEntry(Core.Epoch, cluster.NextValue(), null));
        Run();
    }

    public void Flush(long nowMs)
    {
        (long offset, int generation) = flushes[0];
        flushes.RemoveAt(0);
        if (generation == Core.Log.Generation) durable = Math.Max(durable, offset);
        Core.Flushed(nowMs, offset, generation);
        Run();
    }

    /// <summary>Takes a snapshot of what is committed and deletes the log below it.</summary>
    public void TakeSnapshot()
    {
        long end = Core.HighWatermark;
        if (end <= Core.Log.StartOffset || end > durable || end < 1) return;
        var taken = new OffsetAndEpoch(end, log[(int)end - 1].Epoch);
        snapshot = (taken, log.GetRange(0, (int)end));
        Core.SnapshotCreated(taken);
        Core.LogStartRaised(end);
    }

    /// <summary>Carries out the core's effects; the power may be cut between any two.</summary>
    public void Run()
    {
        foreach (RaftEffect effect in Core.TakeEffects())
        {
            if (cluster.CutsPowerNow())
            {
                Crash();
                Start(cluster.NowMs);
                return;
            }

            CarryOut(effect);
        }
    }

    public override string ToString() =>
        $"{id} {Core.Role} epoch {Core.Epoch} leader {Core.LeaderId} log {Core.Log.StartOffset}-{Core.Log.End} flushed {Core.Log.FlushedOffset} "
        + $"high watermark {Core.HighWatermark} snapshots {Core.Log.EarliestSnapshot}-{Core.Log.LatestSnapshot} epochs {string.Join(' ', Core.Log.Epochs.Entries)}";

    private void CarryOut(RaftEffect effect)
    {
        switch (effect)
        {
            case PersistElection persist: election = persist.State; break;
            case AppendControlBatch batch:
                Assert.Equal(log.Count, batch.BaseOffset);
                log.AddRange(batch.Records.Select(record => new ModelEntry(batch.Epoch, cluster.NextValue(), record)));
                break;
            case AppendFetched fetched:
                Assert.Equal(log.Count, fetched.Records.Batches[0].BaseOffset);
                log.AddRange(cluster.Decode(fetched.Records.Bytes.Span));
                break;
            case FlushLog flush: flushes.Add((log.Count, flush.Generation)); break;
            case TruncateLog truncate:
                log.RemoveRange((int)truncate.EndOffset, log.Count - (int)truncate.EndOffset);
                durable = Math.Min(durable, truncate.EndOffset);
                break;
            case BeginSnapshotFetch: fetching = new MemoryStream(); break;
            case AppendSnapshotPiece piece:
                Assert.Equal(fetching!.Length, piece.Position);
                fetching.Write(piece.Bytes.Span);
                break;
            case InstallSnapshot install: Install(install.Id); break;
            case SendRequest sent: cluster.Send(new Envelope(id, sent.To.Id, sent.CorrelationId, sent.Request, null)); break;
            case SendResponse sent: cluster.Answer(id, sent.Token, sent.Response); break;
            case AnswerFetch answer: cluster.Answer(id, answer.Token, answer.Response with { Records = Read(answer.FromOffset) }); break;
            case AnswerFetchSnapshot answer: cluster.Answer(id, answer.Token, ReadSnapshot(answer)); break;
            case RoleChanged { Role: RaftRole.Leader } leader: cluster.Elected(this, leader.Epoch); break;
            case HighWatermarkMoved moved: cluster.Committed(this, moved.HighWatermark); break;
        }
    }

    private FetchedRecords Read(long from)
    {
        List<ModelEntry> entries = log.GetRange((int)from, Math.Min(log.Count - (int)from, 1 + cluster.Random(5)));
        ImmutableArray<BatchOutline>.Builder outline = ImmutableArray.CreateBuilder<BatchOutline>();
        for (int i = 0; i < entries.Count; i++)
        {
            outline.Add(new BatchOutline(from + i, from + i, entries[i].Epoch, 8,
                (entries[i].Control as KRaftVersionChange)?.Level, (entries[i].Control as VotersChange)?.Voters));
        }

        return new FetchedRecords(cluster.Encode(entries), outline.ToImmutable());
    }

    private RaftFetchSnapshotResponse ReadSnapshot(AnswerFetchSnapshot answer)
    {
        (OffsetAndEpoch snapshotId, List<ModelEntry> content) = snapshot!.Value;
        if (answer.Response.SnapshotId != snapshotId) return answer.Response with { Error = ErrorCode.SnapshotNotFound };
        byte[] bytes = cluster.Encode(content);
        int position = (int)answer.Response.Position;
        return answer.Response with { Size = bytes.Length, Bytes = bytes.AsMemory(position, Math.Min(bytes.Length - position, 64)) };
    }

    private void Install(OffsetAndEpoch snapshotId)
    {
        List<ModelEntry> content = [.. cluster.Decode(fetching!.ToArray())];
        Assert.Equal(snapshotId.Offset, content.Count);
        snapshot = (snapshotId, content);
        log = [.. content];
        durable = log.Count;
        var history = new VoterHistory(VoterSet.Empty);
        history.Reset(0, voters, 1);
        for (int offset = 0; offset < content.Count; offset++) Note(history, offset, content[offset].Control);
        Core.SnapshotInstalled(cluster.NowMs, snapshotId, history.Current, history.KRaftVersion);
        Run();
    }

    private static void Note(VoterHistory history, long offset, ControlRecord? control)
    {
        if (control is KRaftVersionChange level) history.Add(offset, level.Level);
        if (control is VotersChange change) history.Add(offset, change.Voters);
    }
}

/// <summary>A message under way.</summary>
internal sealed record Envelope(int From, int To, int CorrelationId, RaftRequest? Request, RaftResponse? Response);
