using Moldau.Protocol;
using Moldau.Raft.Roles;

namespace Moldau.Raft;

/// <summary>The leader's side of Fetch and FetchSnapshot: what replicas have is known from what they ask for.</summary>
internal sealed class LeaderFetches(Quorum quorum, LeaderDiscovery discovery)
{
    public void Handle(long token, RaftFetchRequest request)
    {
        bool isMalformed = request.MaxWaitMs < 0 || request.FetchOffset < 0 || request.LastFetchedEpoch < 0
            || request.LastFetchedEpoch > request.Epoch || request.Replica.Id == quorum.Local.Id;
        if (isMalformed) Respond(token, ErrorCode.InvalidRequest);
        else Answer(token, request, mayPark: request.MaxWaitMs > 0);
    }

    public void Handle(long token, RaftFetchSnapshotRequest request)
    {
        if (Refusal(request.Epoch) is { } error) RespondSnapshot(token, request, error);
        else if (request.SnapshotId == OffsetAndEpoch.Bootstrap || !quorum.Log.HasSnapshot(request.SnapshotId))
            RespondSnapshot(token, request, ErrorCode.SnapshotNotFound);
        else if (request.Position < 0 || request.Replica.Id == quorum.Local.Id)
            RespondSnapshot(token, request, request.Position < 0 ? ErrorCode.PositionOutOfRange : ErrorCode.InvalidRequest);
        else
        {
            HeardFrom(request.Replica);
            quorum.Effects.Add(new AnswerFetchSnapshot(
                token, SnapshotAnswer(request, ErrorCode.None), Math.Clamp(request.MaxBytes, 0, Limits.FetchBytes)));
        }
    }

    /// <summary>Records were appended.</summary>
    public void Appended() => AnswerParked();

    /// <summary>The leader's log is durable up to an offset.</summary>
    public void Flushed(long offset)
    {
        if (quorum.Role is not LeaderRole leader || !leader.LocalFlushed(offset, quorum.Voters.Current)) return;
        quorum.MoveHighWatermark(leader.HighWatermark);
        AnswerParked();
    }

    /// <summary>Answers fetches that have waited long enough; steps down when the majority is silent.</summary>
    public void Poll(Schedule schedule)
    {
        if (quorum.Role is not LeaderRole leader) return;
        if (leader.CheckQuorumMs <= quorum.NowMs)
        {
            quorum.Resign();
            return;
        }

        if (leader.Parked.DeadlineMs <= quorum.NowMs) AnswerParked();
        schedule.NoLaterThan(leader.DeadlineMs);
    }

    private void Answer(long token, RaftFetchRequest request, bool mayPark)
    {
        if (Refusal(request.Epoch) is { } error)
        {
            Respond(token, error);
            return;
        }

        var leader = (LeaderRole)quorum.Role;
        FetchCheck check = Check(request);
        if (check.IsValid && request.Replica.Id >= 0)
        {
            bool moved = leader.ReplicaFetched(request.Replica, request.FetchOffset, quorum.Log.EndOffset, quorum.NowMs, quorum.Voters.Current);
            HeardFrom(request.Replica);
            if (moved)
            {
                quorum.MoveHighWatermark(leader.HighWatermark);
                AnswerParked();
            }
        }

        RaftFetchResponse response = FetchAnswer(ErrorCode.None, check);
        bool hasRecords = check.IsValid && request.FetchOffset < quorum.Log.EndOffset;
        if (hasRecords) quorum.Effects.Add(new AnswerFetch(token, response, request.FetchOffset));
        else if (!check.IsValid || !mayPark || request.HighWatermark < leader.HighWatermark || !Park(leader, token, request))
            quorum.Effects.Add(new SendResponse(token, response));
    }

    // A follower with nothing is better off with the newest snapshot than with a log that may go far back.
    private FetchCheck Check(RaftFetchRequest request) =>
        request.FetchOffset == 0 && quorum.Log.LatestSnapshot is { } snapshot && snapshot != OffsetAndEpoch.Bootstrap
            ? FetchCheck.NeedsSnapshot(snapshot)
            : quorum.Log.Check(request.FetchOffset, request.LastFetchedEpoch);

    private bool Park(LeaderRole leader, long token, RaftFetchRequest request) =>
        leader.Parked.TryAdd(new ParkedFetch(token, request, quorum.NowMs + request.MaxWaitMs));

    private void AnswerParked()
    {
        if (quorum.Role is not LeaderRole leader) return;
        foreach (ParkedFetch fetch in leader.Parked.TakeReady(quorum.Log.EndOffset, leader.HighWatermark, quorum.NowMs))
            Answer(fetch.Token, fetch.Request, mayPark: false);
    }

    private void HeardFrom(ReplicaKey replica)
    {
        if (quorum.Role is LeaderRole leader && leader.CheckQuorumMs != long.MaxValue && leader.HeardFrom(replica, quorum.Voters.Current))
            leader.CheckQuorumMs = quorum.NowMs + quorum.CheckQuorumTimeoutMs;
    }

    private ErrorCode? Refusal(int epoch)
    {
        if (epoch < quorum.Epoch) return ErrorCode.FencedLeaderEpoch;
        if (epoch > quorum.Epoch) return ErrorCode.UnknownLeaderEpoch;
        if (quorum.Role is not LeaderRole) return ErrorCode.NotLeaderOrFollower;
        return quorum.IsStopping ? ErrorCode.BrokerNotAvailable : null;
    }

    private void Respond(long token, ErrorCode error) => quorum.Effects.Add(new SendResponse(token, FetchAnswer(error, FetchCheck.Valid)));

    private RaftFetchResponse FetchAnswer(ErrorCode error, FetchCheck check) =>
        new(error, quorum.Role.LeaderId, quorum.Epoch, error == ErrorCode.None ? ((LeaderRole)quorum.Role).HighWatermark : -1,
            quorum.Log.StartOffset, check, null) { LeaderEndpoints = discovery.LeaderEndpoints };

    private void RespondSnapshot(long token, RaftFetchSnapshotRequest request, ErrorCode error) =>
        quorum.Effects.Add(new SendResponse(token, SnapshotAnswer(request, error)));

    private RaftFetchSnapshotResponse SnapshotAnswer(RaftFetchSnapshotRequest request, ErrorCode error) =>
        new(error, quorum.Role.LeaderId, quorum.Epoch, request.SnapshotId, 0, request.Position, default)
        {
            LeaderEndpoints = discovery.LeaderEndpoints,
        };
}
