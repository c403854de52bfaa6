using Moldau.Protocol;

namespace Moldau.Raft.Tests;

public sealed class ElectionTests
{
    private static RaftVoteResponse Granted(int epoch) => new(ErrorCode.None, -1, epoch, true);

    private static RaftVoteResponse Rejected(int epoch) => new(ErrorCode.None, -1, epoch, false);

    [Fact]
    public void A_rejected_pre_vote_leaves_the_epoch_alone()
    {
        Script script = Script.Started(3);
        script.After(Script.ElectionTimeoutMs);
        Assert.Equal(RaftRole.Prospective, script.Core.Role);
        script.AnswerAll(Rejected(0));
        Assert.Equal((RaftRole.Unattached, 0), (script.Core.Role, script.Core.Epoch));
    }

    [Fact]
    public void A_lost_election_is_followed_by_a_pause_and_a_pre_vote()
    {
        Script script = Script.Started(3);
        script.After(Script.ElectionTimeoutMs);
        script.Answer(2, Granted(0));
        Assert.Equal((RaftRole.Candidate, 1), (script.Core.Role, script.Core.Epoch));
        script.AnswerAll(Rejected(1));
        Assert.Empty(script.After(49));
        script.After(1);
        Assert.Equal((RaftRole.Prospective, 1), (script.Core.Role, script.Core.Epoch));
    }

    [Fact]
    public void A_higher_epoch_in_an_answer_ends_the_candidacy()
    {
        Script script = Script.Started(3);
        script.After(Script.ElectionTimeoutMs);
        script.Answer(2, Granted(0));
        script.Answer(3, new RaftVoteResponse(ErrorCode.FencedLeaderEpoch, 2, 9, false));
        Assert.Equal((RaftRole.Follower, 9, 2), (script.Core.Role, script.Core.Epoch, script.Core.LeaderId));
    }

    [Fact]
    public void A_late_answer_to_the_pre_vote_is_not_counted_as_a_vote()
    {
        Script script = Script.Started(3);
        SendRequest[] preVotes = [.. script.After(Script.ElectionTimeoutMs).OfType<SendRequest>().Where(sent => sent.Request is RaftVoteRequest)];
        Assert.Equal(2, preVotes.Length);
        script.Core.Answered(script.NowMs, 2, preVotes[0].CorrelationId, Granted(0));
        Assert.Equal(RaftRole.Candidate, script.Core.Role);
        script.Core.Answered(script.NowMs, 3, preVotes[1].CorrelationId, Granted(0));
        Assert.Equal(RaftRole.Candidate, script.Core.Role);
    }

    [Fact]
    public void A_candidate_votes_for_itself_and_asks_the_others_once_that_is_durable()
    {
        Script script = Script.Started(3);
        IReadOnlyList<RaftEffect> asked = script.After(Script.ElectionTimeoutMs);
        Assert.All(asked.OfType<SendRequest>().Select(sent => sent.Request).OfType<RaftVoteRequest>(), vote => Assert.True(vote.PreVote && vote.Epoch == 0));

        List<RaftEffect> effects = [.. script.Answer(2, Granted(0))];
        Assert.Equal(new ElectionState(1, -1, Script.Key(1)), Assert.IsType<PersistElection>(effects[0]).State);
        RaftVoteRequest[] votes = [.. effects.OfType<SendRequest>().Select(sent => sent.Request).Cast<RaftVoteRequest>()];
        Assert.Equal(2, votes.Length);
        Assert.All(votes, vote => Assert.True(!vote.PreVote && vote.Epoch == 1 && vote.Candidate == Script.Key(1)));
        Assert.Equal([Script.Key(2), Script.Key(3)], votes.Select(vote => vote.Voter!.Value));
    }

    [Fact]
    public void A_majority_of_votes_makes_a_leader_that_tells_the_others()
    {
        Script script = Script.Started(3);
        script.After(Script.ElectionTimeoutMs);
        script.Answer(2, Granted(0));
        List<RaftEffect> effects = [.. script.Answer(3, Granted(1))];
        Assert.Equal(RaftRole.Leader, script.Core.Role);
        LeaderChangeRecord change = Assert.IsType<LeaderChangeRecord>(Assert.Single(effects.OfType<AppendControlBatch>()).Records[0]);
        Assert.Equal([1, 3], change.GrantingVoters);
        RaftBeginEpochRequest[] begins = [.. effects.OfType<SendRequest>().Select(sent => sent.Request).OfType<RaftBeginEpochRequest>()];
        Assert.Equal(2, begins.Length);
        Assert.True(effects.FindLastIndex(effect => effect is PersistElection) < effects.FindIndex(effect => effect is SendRequest));
    }

    [Fact]
    public void Unanswered_votes_are_asked_again_after_the_request_timeout_or_a_failure()
    {
        Script script = Script.Started(3);
        SendRequest[] first = [.. script.After(Script.ElectionTimeoutMs).OfType<SendRequest>().Where(sent => sent.Request is RaftVoteRequest)];
        script.Core.Unanswered(script.NowMs, 2, first[0].CorrelationId);
        Assert.Empty(script.Take());
        SendRequest again = Assert.Single(script.After(20).OfType<SendRequest>());
        Assert.Equal(2, again.To.Id);
    }

    [Fact]
    public void A_follower_that_hears_nothing_asks_for_pre_votes_and_returns_to_its_leader_when_refused()
    {
        Script script = Script.Following();
        script.After(Script.FetchTimeoutMs);
        Assert.Equal((RaftRole.Prospective, 1, 2), (script.Core.Role, script.Core.Epoch, script.Core.LeaderId));
        script.AnswerAll(new RaftVoteResponse(ErrorCode.None, 2, 1, false));
        Assert.Equal((RaftRole.Follower, 1, 2), (script.Core.Role, script.Core.Epoch, script.Core.LeaderId));
    }

    [Fact]
    public void An_observer_never_stands_for_election()
    {
        var options = new RaftOptions { Local = Script.Key(9) };
        Script script = Script.Of(3, new ElectionState(1, 2, null), options: options);
        script.Start();
        IReadOnlyList<RaftEffect> effects = script.After(60_000);
        Assert.All(effects.OfType<SendRequest>(), sent => Assert.IsType<RaftFetchRequest>(sent.Request));
        Assert.Equal(1, script.Core.Epoch);
    }

    [Fact]
    public void The_first_named_successor_stands_at_once_and_the_others_later()
    {
        Script first = Script.Following();
        first.Receive(new RaftEndEpochRequest(2, 1, [Script.Key(1), Script.Key(3)], []));
        Assert.Equal(RaftRole.Prospective, first.Core.Role);

        Script second = Script.Following();
        second.Receive(new RaftEndEpochRequest(2, 1, [Script.Key(3), Script.Key(1)], []));
        Assert.Equal(RaftRole.Follower, second.Core.Role);
        second.After(500);
        Assert.Equal(RaftRole.Prospective, second.Core.Role);
    }

    [Fact]
    public void A_begun_epoch_is_followed_and_an_older_one_fenced()
    {
        Script script = Script.Started(3);
        RaftBeginEpochResponse answer = script.Ask<RaftBeginEpochResponse>(new RaftBeginEpochRequest(Script.Key(1), 3, 4, []));
        Assert.Equal((ErrorCode.None, 3, 4), (answer.Error, answer.LeaderId, answer.Epoch));
        Assert.Equal(RaftRole.Follower, script.Core.Role);
        Assert.Equal(ErrorCode.FencedLeaderEpoch, script.Ask<RaftBeginEpochResponse>(new RaftBeginEpochRequest(Script.Key(1), 2, 3, [])).Error);
    }

    [Fact]
    public void A_second_leader_of_the_same_epoch_is_not_followed()
    {
        Script script = Script.Following();
        RaftBeginEpochResponse answer = script.Ask<RaftBeginEpochResponse>(new RaftBeginEpochRequest(Script.Key(1), 3, 1, []));
        Assert.Equal((ErrorCode.InvalidRequest, 2), (answer.Error, answer.LeaderId));
    }

    [Fact]
    public void Higher_epochs_do_not_put_off_its_own_election()
    {
        Script script = Script.Started(3);
        for (int epoch = 2; epoch < 5; epoch++)
        {
            script.After(300);
            script.Receive(Script.Vote(2, epoch, logEnd: 0) with { Voter = new ReplicaKey(1, Script.Directory(9)) });
        }

        script.After(100);
        Assert.Equal(RaftRole.Prospective, script.Core.Role);
    }

    [Fact]
    public void A_leader_that_the_majority_does_not_fetch_from_steps_down()
    {
        Script script = Script.Leading();
        script.After(1500);
        script.Receive(Script.Fetch(2, 3, 1, maxWaitMs: 0));
        script.After(2900);
        Assert.Equal(RaftRole.Leader, script.Core.Role);
        List<RaftEffect> effects = [.. script.After(100)];
        Assert.Equal(RaftRole.Resigned, script.Core.Role);
        RaftEndEpochRequest end = effects.OfType<SendRequest>().Select(sent => sent.Request).OfType<RaftEndEpochRequest>().First();
        Assert.Equal([Script.Key(2), Script.Key(3)], end.PreferredCandidates);
    }

    [Fact]
    public void A_stopping_leader_is_done_when_all_voters_know()
    {
        Script script = Script.Leading();
        script.Core.Stop(script.NowMs);
        script.Take();
        Assert.False(script.Core.IsStopped);
        script.Answer(2, new RaftEndEpochResponse(ErrorCode.None, 1, 1));
        Assert.False(script.Core.IsStopped);
        script.Answer(3, new RaftEndEpochResponse(ErrorCode.None, 1, 1));
        Assert.True(script.Core.IsStopped);
    }
}
