using Moldau.Protocol;
using Moldau.Raft.Roles;

namespace Moldau.Raft;

/// <summary>Votes and pre-votes, asked and answered.</summary>
internal sealed class VoteProtocol(Quorum quorum, LeaderDiscovery discovery)
{
    public RaftVoteResponse Handle(RaftVoteRequest request)
    {
        (long logEnd, int lastEpoch) = (request.LogEnd.Offset, request.LogEnd.Epoch);
        bool hasImpossibleLog = logEnd < 0 || lastEpoch < 0 || (request.PreVote ? lastEpoch > request.Epoch : lastEpoch >= request.Epoch);
        if (hasImpossibleLog || request.Candidate.Id < 0) return Answer(ErrorCode.InvalidRequest, false);
        if (request.Epoch < quorum.Epoch) return Answer(ErrorCode.FencedLeaderEpoch, false);
        if (request.Epoch > quorum.Epoch) quorum.BecomeUnattached(request.Epoch);
        if (!discovery.IsMeantForLocal(request.Voter)) return Answer(ErrorCode.InvalidVoterKey, false);

        bool isUpToDate = request.LogEnd.CompareTo(quorum.Log.End) >= 0;
        bool granted = quorum.Role.Grants(request.Candidate, isUpToDate, request.PreVote);
        if (granted && !request.PreVote) quorum.GiveVote(request.Candidate);
        return Answer(ErrorCode.None, granted);
    }

    public bool HandleAnswer(int voterId, RaftVoteResponse response)
    {
        if (discovery.Learn(response) is { } handled) return handled;
        if (response.Error != ErrorCode.None) return false;
        switch (quorum.Role)
        {
            case ProspectiveRole prospective:
                prospective.Tally.Record(voterId, response.Granted);
                if (prospective.Tally.IsGranted) quorum.BecomeCandidate(prospective.Retries);
                else if (prospective.Tally.IsRejected) GiveUp(prospective);
                break;
            case CandidateRole { IsBackingOff: false } candidate:
                candidate.Tally.Record(voterId, response.Granted);
                if (candidate.Tally.IsGranted) quorum.BecomeLeader(candidate);
                else if (candidate.Tally.IsRejected) candidate.BackOff(quorum.NowMs + quorum.ElectionBackoffMs(candidate.Retries));
                break;
            case CandidateRole { IsBackingOff: true } late:
                late.Tally.Record(voterId, response.Granted);
                if (late.Tally.IsGranted) quorum.BecomeLeader(late);
                break;
        }

        return true;
    }

    /// <summary>Asks the voters that have not answered; stands again or gives up when the time is over.</summary>
    public void Poll(Schedule schedule)
    {
        switch (quorum.Role)
        {
            case ProspectiveRole prospective when prospective.DeadlineMs <= quorum.NowMs && !quorum.IsStopping: GiveUp(prospective); break;
            case ProspectiveRole prospective: Ask(prospective.Tally, quorum.Epoch, preVote: true, schedule); break;
            case CandidateRole candidate when candidate.DeadlineMs <= quorum.NowMs && !quorum.IsStopping:
                if (candidate.IsBackingOff) quorum.BecomeProspective();
                else candidate.BackOff(quorum.NowMs + quorum.ElectionBackoffMs(candidate.Retries));
                break;
            case CandidateRole { IsBackingOff: false } candidate: Ask(candidate.Tally, quorum.Epoch, preVote: false, schedule); break;
        }
    }

    private void GiveUp(ProspectiveRole prospective)
    {
        if (prospective.LeaderId >= 0 && quorum.Voters.Current.Find(prospective.LeaderId) is { Endpoints.Count: > 0 } leader)
            quorum.BecomeFollower(quorum.Epoch, leader);
        else quorum.BecomeUnattached(quorum.Epoch, prospective.LeaderId);
    }

    private void Ask(VoteTally tally, int epoch, bool preVote, Schedule schedule)
    {
        if (tally.IsRejected) return;
        foreach (VoterNode voter in tally.Unanswered)
        {
            if (quorum.Requests.CanSend(voter.Id, quorum.NowMs))
                quorum.Send(voter, new RaftVoteRequest(voter.Key, quorum.Local, epoch, quorum.Log.End, preVote));
            schedule.NoLaterThan(quorum.Requests.ReadyAt(voter.Id));
        }
    }

    private RaftVoteResponse Answer(ErrorCode error, bool granted) => new(error, quorum.Role.LeaderId, quorum.Epoch, granted)
    {
        LeaderEndpoints = discovery.LeaderEndpoints,
    };
}
