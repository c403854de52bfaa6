using Moldau.Protocol;

namespace Moldau.Raft.Tests;

public sealed class LeaderTests
{
    [Theory]
    [InlineData(-1, 0, 1)]
    [InlineData(0, -1, 1)]
    [InlineData(0, 2, 1)]
    public void Refuses_a_fetch_that_cannot_be(long offset, int lastEpoch, int epoch)
    {
        RaftFetchResponse answer = Script.Leading().Ask<RaftFetchResponse>(Script.Fetch(2, offset, lastEpoch, epoch));
        Assert.Equal(ErrorCode.InvalidRequest, answer.Error);
    }

    [Fact]
    public void Tells_a_fetcher_of_another_epoch_which_epoch_it_is()
    {
        Script script = Script.Leading();
        RaftFetchResponse old = script.Ask<RaftFetchResponse>(Script.Fetch(2, 0, 0, epoch: 0));
        Assert.Equal((ErrorCode.FencedLeaderEpoch, 1, 1), (old.Error, old.Epoch, old.LeaderId));
        Assert.Equal(ErrorCode.UnknownLeaderEpoch, script.Ask<RaftFetchResponse>(Script.Fetch(2, 0, 0, epoch: 2)).Error);
    }

    [Fact]
    public void Who_does_not_lead_names_the_leader()
    {
        RaftFetchResponse answer = Script.Following().Ask<RaftFetchResponse>(Script.Fetch(3, 0, 0));
        Assert.Equal((ErrorCode.NotLeaderOrFollower, 2), (answer.Error, answer.LeaderId));
        Assert.Equal(9002, answer.LeaderEndpoints[0].Port);
    }

    [Fact]
    public void Commits_what_a_majority_has_made_durable()
    {
        Script script = Script.Leading();
        script.Append(4);
        script.Flush();
        Assert.Equal(-1, script.Core.HighWatermark);
        script.Receive(Script.Fetch(2, 5, 1));
        Assert.Equal(5, script.Core.HighWatermark);
        script.Receive(Script.Fetch(3, 7, 1));
        Assert.Equal(7, script.Core.HighWatermark);
    }

    [Fact]
    public void Does_not_count_its_own_log_before_it_is_flushed()
    {
        Script script = Script.Leading();
        script.Append(4);
        script.Receive(Script.Fetch(2, 7, 1));
        Assert.Equal(3, script.Core.HighWatermark);
        script.Flush();
        Assert.Equal(7, script.Core.HighWatermark);
    }

    [Fact]
    public void Commits_no_older_epochs_record_on_its_own()
    {
        Script script = Script.Started(3, new ElectionState(4, -1, null), VoteTests.WithLog(endOffset: 10, epoch: 4));
        script.After(Script.ElectionTimeoutMs);
        script.AnswerAll(new RaftVoteResponse(ErrorCode.None, -1, 4, true));
        script.AnswerAll(new RaftVoteResponse(ErrorCode.None, -1, 5, true));
        script.Flush();
        script.Receive(Script.Fetch(2, 10, 4, epoch: 5));
        Assert.Equal(-1, script.Core.HighWatermark);
        script.Receive(Script.Fetch(2, 11, 5, epoch: 5));
        Assert.Equal(11, script.Core.HighWatermark);
    }

    [Fact]
    public void An_observer_does_not_commit()
    {
        Script script = Script.Leading();
        script.Receive(Script.Fetch(9, 3, 1));
        script.Receive(new RaftFetchRequest(new ReplicaKey(2, Script.Directory(77)), 1, 3, 1, 0, -1));
        Assert.Equal(-1, script.Core.HighWatermark);
        Assert.Equal([1, 2, 3, 2, 9], script.Core.DescribeReplicas(script.NowMs).Select(replica => replica.Key.Id));
    }

    [Fact]
    public void The_high_watermark_never_goes_back()
    {
        Script script = Script.Leading();
        script.Receive(Script.Fetch(2, 3, 1));
        Assert.Equal(3, script.Core.HighWatermark);
        script.Receive(Script.Fetch(2, 1, 1));
        Assert.Equal(3, script.Core.HighWatermark);
    }

    [Fact]
    public void A_fetch_waits_for_records_and_gets_them_when_they_are_appended()
    {
        Script script = Script.Leading();
        Assert.DoesNotContain(script.Receive(Script.Fetch(2, 3, 1), token: 5), effect => effect is SendResponse or AnswerFetch);
        AnswerFetch answer = Assert.Single(script.Append(2).OfType<AnswerFetch>());
        Assert.Equal((5, 3), (answer.Token, answer.FromOffset));
    }

    [Fact]
    public void A_fetch_that_has_waited_long_enough_is_answered_empty()
    {
        Script script = Script.Leading();
        script.Receive(Script.Fetch(2, 3, 1, maxWaitMs: 500), token: 5);
        Assert.Empty(script.After(499).OfType<SendResponse>());
        SendResponse answer = Assert.Single(script.After(1).OfType<SendResponse>());
        Assert.Equal(5, answer.Token);
        Assert.Null(Assert.IsType<RaftFetchResponse>(answer.Response).Records);
    }

    [Fact]
    public void A_fetch_that_knows_an_older_high_watermark_does_not_wait_for_the_news()
    {
        Script script = Script.Leading();
        Assert.Single(script.Receive(Script.Fetch(3, 3, 1, highWatermark: -1), token: 5).OfType<SendResponse>());
        script.Append(2);
        Assert.Empty(script.Receive(Script.Fetch(3, 5, 1, highWatermark: 3), token: 6));
        SendResponse answer = Assert.Single(script.Flush().OfType<SendResponse>());
        Assert.Equal((6L, 5L), (answer.Token, Assert.IsType<RaftFetchResponse>(answer.Response).HighWatermark));
    }

    [Fact]
    public void Parked_fetches_are_refused_when_the_leader_resigns()
    {
        Script script = Script.Leading();
        script.Receive(Script.Fetch(2, 3, 1), token: 5);
        script.Core.Stop(script.NowMs);
        SendResponse answer = Assert.Single(script.Take().OfType<SendResponse>());
        Assert.Equal(ErrorCode.NotLeaderOrFollower, answer.Response.Error);
    }

    [Fact]
    public void A_diverging_log_is_told_where_to_cut()
    {
        Script script = Script.Started(3, new ElectionState(4, -1, null), (log, voters) =>
        {
            log.Restore(0, 20, 20);
            log.Epochs.Append(1, 0);
            log.Epochs.Append(4, 12);
            voters.Reset(0, Script.Voters(3), 1);
        });
        script.After(Script.ElectionTimeoutMs);
        script.AnswerAll(new RaftVoteResponse(ErrorCode.None, -1, 4, true));
        script.AnswerAll(new RaftVoteResponse(ErrorCode.None, -1, 5, true));
        Assert.Equal(new OffsetAndEpoch(12, 1), script.Ask<RaftFetchResponse>(Script.Fetch(2, 15, 3, epoch: 5)).Check.Diverging);
        Assert.Equal(new OffsetAndEpoch(12, 1), script.Ask<RaftFetchResponse>(Script.Fetch(2, 13, 1, epoch: 5)).Check.Diverging);
        Assert.Equal(new OffsetAndEpoch(20, 4), script.Ask<RaftFetchResponse>(Script.Fetch(2, 25, 4, epoch: 5)).Check.Diverging);
        Assert.True(script.Ask<RaftFetchResponse>(Script.Fetch(2, 12, 1, epoch: 5)).Check.IsValid);
    }

    [Fact]
    public void A_fetch_below_the_log_is_sent_to_the_newest_snapshot()
    {
        Script script = Script.Leading();
        script.Append(97);
        script.Flush();
        script.Receive(Script.Fetch(2, 100, 1, maxWaitMs: 0));
        var snapshot = new OffsetAndEpoch(50, 1);
        script.Core.SnapshotCreated(snapshot);
        Assert.Equal(snapshot, script.Ask<RaftFetchResponse>(Script.Fetch(3, 0, 0, maxWaitMs: 0)).Check.Snapshot);
        Assert.True(script.Ask<RaftFetchResponse>(Script.Fetch(3, 20, 1, maxWaitMs: 0)).Check.IsValid);
        script.Core.LogStartRaised(50);
        Assert.Equal(snapshot, script.Ask<RaftFetchResponse>(Script.Fetch(3, 20, 1, maxWaitMs: 0)).Check.Snapshot);
        Assert.True(script.Ask<RaftFetchResponse>(Script.Fetch(3, 50, 1, maxWaitMs: 0)).Check.IsValid);
    }

    [Fact]
    public void A_snapshot_that_is_not_there_and_the_bootstrap_one_are_not_found()
    {
        Script script = Script.Leading();
        var id = new OffsetAndEpoch(2, 1);
        Assert.Equal(ErrorCode.SnapshotNotFound, Ask(id, 0));
        script.Core.SnapshotCreated(OffsetAndEpoch.Bootstrap);
        Assert.Equal(ErrorCode.SnapshotNotFound, Ask(OffsetAndEpoch.Bootstrap, 0));
        script.Core.SnapshotCreated(id);
        Assert.Equal(ErrorCode.PositionOutOfRange, Ask(id, -1));
        AnswerFetchSnapshot answer = Assert.Single(script.Receive(new RaftFetchSnapshotRequest(Script.Key(2), 1, id, 10, 100)).OfType<AnswerFetchSnapshot>());
        Assert.Equal((id, 10, 100), (answer.Response.SnapshotId, answer.Response.Position, answer.MaxBytes));

        ErrorCode Ask(OffsetAndEpoch snapshot, long position) =>
            script.Ask<RaftFetchSnapshotResponse>(new RaftFetchSnapshotRequest(Script.Key(2), 1, snapshot, position, 100)).Error;
    }

    [Fact]
    public void Describes_how_far_replicas_are()
    {
        Script script = Script.Leading();
        script.Receive(Script.Fetch(2, 3, 1));
        ReplicaStatus[] replicas = [.. script.Core.DescribeReplicas(script.NowMs)];
        Assert.Equal(new ReplicaStatus(Script.Key(1), true, 3, script.NowMs, script.NowMs), replicas[0]);
        Assert.Equal(new ReplicaStatus(Script.Key(2), true, 3, script.NowMs, script.NowMs), replicas[1]);
        Assert.Equal(new ReplicaStatus(Script.Key(3), true, -1, -1, -1), replicas[2]);
    }
}
