using System.Collections.Immutable;
using Moldau.Protocol;
using Moldau.Raft.Roles;

namespace Moldau.Raft;

/// <summary>The follower's side of Fetch: append what the leader has, cut what it does not have.</summary>
internal sealed class FollowerFetches(Quorum quorum, LeaderDiscovery discovery)
{
    private int nextVoterToAsk;

    public bool HandleAnswer(RaftFetchResponse response)
    {
        if (discovery.Learn(response) is { } handled) return handled;
        if (response.Error != ErrorCode.None || quorum.Role is not FollowerRole follower || follower.LeaderId != response.LeaderId) return false;

        if (response.Check.Diverging is { } end)
        {
            if (!TryTruncate(end)) return false;
        }
        else if (response.Check.Snapshot is { } id)
        {
            if (id.Offset < 0 || id.Epoch < 0 || id.Offset <= quorum.HighWatermark) return false;
            follower.Snapshot = (id, 0);
            quorum.Effects.Add(new BeginSnapshotFetch(id));
        }
        else
        {
            if (response.Records is { Batches.Length: > 0 } records && !TryAppend(records)) return false;
            quorum.MoveHighWatermark(Math.Min(response.HighWatermark, quorum.Log.EndOffset));
        }

        follower.LeaderAnswered(quorum.NowMs + quorum.Options.FetchTimeoutMs);
        return true;
    }

    public void Poll(Schedule schedule)
    {
        switch (quorum.Role)
        {
            case FollowerRole follower when follower.DeadlineMs <= quorum.NowMs && !quorum.IsStopping:
                if (quorum.IsVoter) quorum.BecomeProspective();
                else quorum.BecomeUnattached(quorum.Epoch);
                break;
            case FollowerRole follower: FetchFromLeader(follower, schedule); break;
            case UnattachedRole unattached when unattached.DeadlineMs <= quorum.NowMs && quorum.IsVoter && !quorum.IsStopping:
                quorum.BecomeProspective();
                break;
            case UnattachedRole: AskAnyVoter(schedule); break;
        }
    }

    // The fetch acknowledges everything below its offset, so it is not sent before that is durable.
    private void FetchFromLeader(FollowerRole follower, Schedule schedule)
    {
        if (quorum.Log.FlushedOffset < quorum.Log.EndOffset || follower.IsInstalling) return;
        if (quorum.Requests.CanSend(follower.LeaderId, quorum.NowMs))
        {
            quorum.Send(follower.Leader, follower.Snapshot is { } snapshot
                ? new RaftFetchSnapshotRequest(quorum.Local, quorum.Epoch, snapshot.Id, snapshot.Position, Limits.FetchBytes)
                : FetchRequest());
        }

        schedule.NoLaterThan(quorum.Requests.ReadyAt(follower.LeaderId));
    }

    /// <summary>Who knows no leader asks the voters in turn; the answer of any names it.</summary>
    private void AskAnyVoter(Schedule schedule)
    {
        ImmutableArray<VoterNode> voters = quorum.Voters.Current.Nodes;
        if (quorum.Log.FlushedOffset < quorum.Log.EndOffset) return;
        for (int i = 0; i < voters.Length; i++)
        {
            VoterNode voter = voters[(nextVoterToAsk + i) % voters.Length];
            if (voter.Id == quorum.Local.Id) continue;
            if (quorum.Requests.CanSend(voter.Id, quorum.NowMs))
            {
                nextVoterToAsk = (nextVoterToAsk + i + 1) % voters.Length;
                quorum.Send(voter, FetchRequest());
                schedule.NoLaterThan(quorum.NowMs + Math.Max(1, quorum.Options.RetryBackoffMs));
                return;
            }

            schedule.NoLaterThan(quorum.Requests.ReadyAt(voter.Id));
        }
    }

    private RaftFetchRequest FetchRequest() =>
        new(quorum.Local, quorum.Epoch, quorum.Log.EndOffset, quorum.Log.LastEpoch, quorum.Options.FetchMaxWaitMs, quorum.HighWatermark);

    private bool TryTruncate(OffsetAndEpoch leaderEnd)
    {
        OffsetAndEpoch localEnd = quorum.Log.EndOfEpoch(leaderEnd.Epoch);
        long endOffset = localEnd.Epoch == leaderEnd.Epoch ? Math.Min(localEnd.Offset, leaderEnd.Offset) : localEnd.Offset;
        endOffset = Math.Min(endOffset, quorum.Log.EndOffset);
        // What is committed is in every leader's log: a leader that wants it gone has lost data.
        Invariant.That(endOffset >= quorum.HighWatermark);
        if (endOffset < quorum.Log.StartOffset) return false;
        quorum.Log.TruncateTo(endOffset);
        quorum.Voters.TruncateTo(endOffset);
        quorum.Effects.Add(new TruncateLog(endOffset));
        if (quorum.Log.FlushedOffset < endOffset) quorum.Effects.Add(new FlushLog(quorum.Log.Generation));
        return true;
    }

    private bool TryAppend(FetchedRecords records)
    {
        if (!Continues(records.Batches)) return false;
        foreach (BatchOutline batch in records.Batches)
        {
            quorum.Log.Append(batch.BaseOffset, batch.LastOffset, batch.Epoch);
            if (batch.KRaftVersion is { } level) quorum.Voters.Add(batch.BaseOffset, level);
            if (batch.Voters is { } voters) quorum.Voters.Add(batch.LastOffset, voters);
        }

        quorum.Effects.Add(new AppendFetched(records));
        quorum.Effects.Add(new FlushLog(quorum.Log.Generation));
        return true;
    }

    private bool Continues(ImmutableArray<BatchOutline> batches)
    {
        (long next, int epoch) = (quorum.Log.EndOffset, quorum.Log.LastEpoch);
        foreach (BatchOutline batch in batches)
        {
            if (batch.BaseOffset != next || batch.LastOffset < batch.BaseOffset || batch.Epoch < epoch || batch.Epoch > quorum.Epoch) return false;
            (next, epoch) = (batch.LastOffset + 1, batch.Epoch);
        }

        return true;
    }
}
