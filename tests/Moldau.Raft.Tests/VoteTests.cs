using Moldau.Protocol;

namespace Moldau.Raft.Tests;

public sealed class VoteTests
{
    [Theory]
    [InlineData(-1, 0)]
    [InlineData(5, -1)]
    [InlineData(5, 3)]
    public void Refuses_a_log_that_cannot_be(long logEnd, int lastEpoch)
    {
        RaftVoteResponse answer = Script.Started(3).Ask<RaftVoteResponse>(Script.Vote(2, epoch: 3, logEnd, lastEpoch));
        Assert.Equal((ErrorCode.InvalidRequest, false), (answer.Error, answer.Granted));
    }

    [Fact]
    public void Fences_an_older_epoch()
    {
        Script script = Script.Started(3, new ElectionState(5, -1, null));
        RaftVoteResponse answer = script.Ask<RaftVoteResponse>(Script.Vote(2, epoch: 4));
        Assert.Equal((ErrorCode.FencedLeaderEpoch, 5, false), (answer.Error, answer.Epoch, answer.Granted));
    }

    [Fact]
    public void Refuses_a_request_meant_for_another_directory()
    {
        RaftVoteRequest request = Script.Vote(2, epoch: 3) with { Voter = new ReplicaKey(1, Script.Directory(9)) };
        Assert.Equal(ErrorCode.InvalidVoterKey, Script.Started(3).Ask<RaftVoteResponse>(request).Error);
    }

    [Fact]
    public void Gives_no_second_vote_in_an_epoch()
    {
        Script script = Script.Started(3);
        Assert.True(script.Ask<RaftVoteResponse>(Script.Vote(2, epoch: 3)).Granted);
        Assert.False(script.Ask<RaftVoteResponse>(Script.Vote(3, epoch: 3)).Granted);
        Assert.True(script.Ask<RaftVoteResponse>(Script.Vote(2, epoch: 3)).Granted);
    }

    [Fact]
    public void Remembers_its_vote_across_a_restart()
    {
        Script script = Script.Started(3, new ElectionState(3, -1, Script.Key(2)));
        Assert.False(script.Ask<RaftVoteResponse>(Script.Vote(3, epoch: 3)).Granted);
        Assert.True(script.Ask<RaftVoteResponse>(Script.Vote(2, epoch: 3)).Granted);
    }

    [Fact]
    public void Gives_no_vote_to_a_log_behind_its_own()
    {
        Script script = Script.Started(3, new ElectionState(2, -1, null), WithLog(endOffset: 10, epoch: 2));
        Assert.False(script.Ask<RaftVoteResponse>(Script.Vote(2, epoch: 3, logEnd: 100, lastEpoch: 1)).Granted);
        Assert.False(script.Ask<RaftVoteResponse>(Script.Vote(2, epoch: 3, logEnd: 9, lastEpoch: 2)).Granted);
        Assert.True(script.Ask<RaftVoteResponse>(Script.Vote(2, epoch: 3, logEnd: 10, lastEpoch: 2)).Granted);
    }

    [Fact]
    public void Gives_no_vote_while_it_knows_the_leader()
    {
        Assert.False(Script.Following().Ask<RaftVoteResponse>(Script.Vote(3, epoch: 1)).Granted);
    }

    [Fact]
    public void A_former_leader_gives_no_vote_in_its_epoch()
    {
        Script script = Script.Started(3, new ElectionState(3, 1, null));
        Assert.Equal(RaftRole.Resigned, script.Core.Role);
        Assert.False(script.Ask<RaftVoteResponse>(Script.Vote(2, epoch: 3)).Granted);
    }

    [Fact]
    public void A_vote_is_durable_before_it_is_answered()
    {
        List<RaftEffect> effects = [.. Script.Started(3).Receive(Script.Vote(2, epoch: 3))];
        int persisted = effects.FindLastIndex(effect => effect is PersistElection { State: { Epoch: 3, Voted: { Id: 2 } } });
        Assert.InRange(persisted, 0, effects.FindIndex(effect => effect is SendResponse) - 1);
    }

    [Fact]
    public void A_pre_vote_is_given_without_being_remembered()
    {
        Script script = Script.Started(3, new ElectionState(3, -1, null));
        IReadOnlyList<RaftEffect> effects = script.Receive(Script.Vote(2, epoch: 3, preVote: true));
        Assert.True(Assert.IsType<RaftVoteResponse>(Assert.Single(effects.OfType<SendResponse>()).Response).Granted);
        Assert.Empty(effects.OfType<PersistElection>());
        Assert.True(script.Ask<RaftVoteResponse>(Script.Vote(3, epoch: 3, preVote: true)).Granted);
    }

    [Fact]
    public void A_pre_vote_is_refused_by_whoever_hears_from_the_leader()
    {
        Script script = Script.Following();
        Assert.True(script.Ask<RaftVoteResponse>(Script.Vote(3, epoch: 1, preVote: true)).Granted);
        script.Answer(2, Script.Fetched(null));
        Assert.False(script.Ask<RaftVoteResponse>(Script.Vote(3, epoch: 1, preVote: true)).Granted);
    }

    [Fact]
    public void A_leader_refuses_pre_votes_of_its_epoch() =>
        Assert.False(Script.Leading().Ask<RaftVoteResponse>(Script.Vote(3, epoch: 1, preVote: true)).Granted);

    internal static Action<LogState, VoterHistory> WithLog(long endOffset, int epoch) => (log, voters) =>
    {
        log.Restore(0, endOffset, endOffset);
        log.Epochs.Append(epoch, 0);
        voters.Reset(0, Script.Voters(3), 1);
    };
}
