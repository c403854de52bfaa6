using Moldau.Protocol;
using Moldau.Raft.Roles;

namespace Moldau.Raft;

/// <summary>BeginQuorumEpoch and EndQuorumEpoch: a leader's first and last words.</summary>
internal sealed class EpochProtocol(Quorum quorum, LeaderDiscovery discovery)
{
    public RaftBeginEpochResponse Handle(RaftBeginEpochRequest request)
    {
        if (Refusal(request.LeaderId, request.Epoch) is { } error) return BeginAnswer(error);
        if (!discovery.TryFollow(request.LeaderId, request.Epoch, request.LeaderEndpoints)) return BeginAnswer(ErrorCode.InvalidRequest);
        return BeginAnswer(discovery.IsMeantForLocal(request.Voter) ? ErrorCode.None : ErrorCode.InvalidVoterKey);
    }

    public RaftEndEpochResponse Handle(RaftEndEpochRequest request)
    {
        if (Refusal(request.LeaderId, request.Epoch) is { } error) return EndAnswer(error);
        if (!discovery.TryFollow(request.LeaderId, request.Epoch, request.LeaderEndpoints)) return EndAnswer(ErrorCode.InvalidRequest);
        if (quorum.Role is FollowerRole follower && follower.LeaderId == request.LeaderId)
            follower.LeaderEnds(quorum.NowMs + SuccessionBackoffMs(request.PreferredCandidates));
        return EndAnswer(ErrorCode.None);
    }

    public bool HandleAnswer(int voterId, RaftBeginEpochResponse response) =>
        discovery.Learn(response) ?? response.Error == ErrorCode.None;

    public bool HandleAnswer(int voterId, RaftEndEpochResponse response)
    {
        if (discovery.Learn(response) is { } handled) return handled;
        if (response.Error != ErrorCode.None) return false;
        if (quorum.Role is ResignedRole resigned) resigned.Acknowledged(voterId);
        return true;
    }

    public void Poll(Schedule schedule)
    {
        switch (quorum.Role)
        {
            case LeaderRole leader when leader.BeginEpochMs <= quorum.NowMs: BeginEpoch(leader, schedule); break;
            case ResignedRole resigned when resigned.DeadlineMs <= quorum.NowMs && !quorum.IsStopping: quorum.BecomeUnattached(quorum.Epoch + 1); break;
            case ResignedRole resigned: EndEpoch(resigned, schedule); break;
        }
    }

    private void BeginEpoch(LeaderRole leader, Schedule schedule)
    {
        foreach (VoterNode voter in quorum.Voters.Current.Nodes)
        {
            if (voter.Is(quorum.Local) || !quorum.Requests.CanSend(voter.Id, quorum.NowMs)) continue;
            quorum.Send(voter, new RaftBeginEpochRequest(voter.Key, quorum.Local.Id, quorum.Epoch, quorum.Options.LocalEndpoints));
        }

        leader.BeginEpochMs = quorum.NowMs + Math.Max(1, quorum.Options.FetchTimeoutMs / 2);
        schedule.NoLaterThan(leader.BeginEpochMs);
    }

    private void EndEpoch(ResignedRole resigned, Schedule schedule)
    {
        foreach (VoterNode voter in quorum.Voters.Current.Nodes)
        {
            if (!resigned.Unaware.Contains(voter.Id)) continue;
            if (quorum.Requests.CanSend(voter.Id, quorum.NowMs))
            {
                quorum.Send(voter, new RaftEndEpochRequest(
                    quorum.Local.Id, quorum.Epoch, resigned.PreferredCandidates, quorum.Options.LocalEndpoints));
            }

            schedule.NoLaterThan(quorum.Requests.ReadyAt(voter.Id));
        }
    }

    // The best candidate stands at once, the others one after the other, each later than the time the one before may need.
    private long SuccessionBackoffMs(IReadOnlyList<ReplicaKey> candidates)
    {
        int position = 0;
        while (position < candidates.Count && !discovery.IsMeantForLocal(candidates[position])) position++;
        if (position == 0) return 0;
        int longest = quorum.Options.ElectionBackoffMaxMs;
        if (position >= candidates.Count) return longest;
        int shortest = longest >> Math.Min(30, candidates.Count - 1);
        return Math.Min(longest, (long)shortest << Math.Min(30, position - 1));
    }

    private ErrorCode? Refusal(int leaderId, int epoch) =>
        epoch < quorum.Epoch ? ErrorCode.FencedLeaderEpoch : leaderId < 0 ? ErrorCode.InvalidRequest : null;

    private RaftBeginEpochResponse BeginAnswer(ErrorCode error) =>
        new(error, quorum.Role.LeaderId, quorum.Epoch) { LeaderEndpoints = discovery.LeaderEndpoints };

    private RaftEndEpochResponse EndAnswer(ErrorCode error) =>
        new(error, quorum.Role.LeaderId, quorum.Epoch) { LeaderEndpoints = discovery.LeaderEndpoints };
}
