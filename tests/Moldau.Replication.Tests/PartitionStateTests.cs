using Moldau.Protocol;

namespace Moldau.Replication.Tests;

public sealed class PartitionStateTests
{
    private static readonly BrokerId Me = new(1), Two = new(2), Three = new(3);

    [Fact]
    public void An_older_partition_epoch_is_ignored()
    {
        PartitionState state = Leader(fsync: false);
        Assert.False(state.Apply(Two, new LeaderEpoch(5), 0, [Two], [Two]));
        Assert.Equal((Me, 0), (state.Leader, state.LeaderEpoch.Value));
    }

    [Fact]
    public void A_falling_leader_epoch_breaks_an_invariant()
    {
        PartitionState state = Leader(fsync: false);
        state.Apply(Me, new LeaderEpoch(4), 2, [Me], [Me]);
        Assert.Throws<InvariantViolationException>(() => state.Apply(Me, new LeaderEpoch(3), 3, [Me], [Me]));
    }

    [Fact]
    public void A_flush_beyond_the_log_breaks_an_invariant() =>
        Assert.Throws<InvariantViolationException>(() => Leader(fsync: true).FlushedTo(new Offset(1)));

    [Fact]
    public void A_follower_does_not_move_the_high_watermark_by_appending()
    {
        PartitionState state = Leader(fsync: false);
        state.Apply(Two, new LeaderEpoch(1), 2, [Me, Two], [Me, Two]);
        Assert.False(state.Appended(new Offset(9)));
        Assert.Equal(0, state.HighWatermark.Value);
        Assert.True(state.LeaderHighWatermark(new Offset(20)));
        Assert.Equal(9, state.HighWatermark.Value);
    }

    [Fact]
    public void Alone_with_fsync_the_high_watermark_is_what_is_flushed()
    {
        PartitionState state = Leader(fsync: true);
        Assert.False(state.Appended(new Offset(10)));
        Assert.True(state.FlushedTo(new Offset(6)));
        Assert.Equal(6, state.HighWatermark.Value);
        Assert.False(state.FlushedTo(new Offset(6)));
        Assert.True(state.FlushedTo(new Offset(10)));
        Assert.Equal(10, state.HighWatermark.Value);
    }

    [Fact]
    public void Alone_in_the_page_cache_it_is_the_end_of_the_log()
    {
        PartitionState state = Leader(fsync: false);
        Assert.True(state.Appended(new Offset(10)));
        Assert.Equal(10, state.HighWatermark.Value);
    }

    [Fact]
    public void With_others_in_sync_it_is_the_slowest_of_them_whether_flushed_or_not()
    {
        PartitionState state = Leader(fsync: true);
        state.Apply(Me, new LeaderEpoch(0), 2, [Me, Two, Three], [Me, Two, Three]);
        state.Appended(new Offset(10));
        Assert.False(state.FollowerFetched(Two, new Offset(8)));
        Assert.True(state.FollowerFetched(Three, new Offset(5)));
        Assert.Equal(5, state.HighWatermark.Value);
        Assert.True(state.Apply(Me, new LeaderEpoch(0), 3, [Me, Two, Three], [Me, Two]));
        Assert.Equal(8, state.HighWatermark.Value);
    }

    [Fact]
    public void It_never_falls_when_a_slow_replica_joins()
    {
        PartitionState state = Leader(fsync: false);
        state.Appended(new Offset(10));
        Assert.False(state.Apply(Me, new LeaderEpoch(0), 2, [Me, Two], [Me, Two]));
        Assert.Equal(10, state.HighWatermark.Value);
        Assert.False(state.FollowerFetched(Two, new Offset(3)));
        Assert.Equal(10, state.HighWatermark.Value);
    }

    [Fact]
    public void A_new_epoch_forgets_where_followers_were()
    {
        PartitionState state = Leader(fsync: false);
        state.Apply(Me, new LeaderEpoch(0), 2, [Me, Two], [Me, Two]);
        state.Appended(new Offset(10));
        state.FollowerFetched(Two, new Offset(4));
        state.Apply(Me, new LeaderEpoch(1), 3, [Me, Two], [Me, Two]);
        state.Appended(new Offset(20));
        Assert.Equal(4, state.HighWatermark.Value);
        Assert.True(state.FollowerFetched(Two, new Offset(20)));
        Assert.Equal(20, state.HighWatermark.Value);
    }

    [Fact]
    public void A_fetch_of_a_node_without_a_replica_says_nothing()
    {
        PartitionState state = Leader(fsync: false);
        Assert.False(state.FollowerFetched(Three, new Offset(99)));
    }

    [Fact]
    public void A_truncation_takes_the_high_watermark_along()
    {
        PartitionState state = Leader(fsync: false);
        state.Appended(new Offset(10));
        state.Apply(Two, new LeaderEpoch(1), 2, [Me, Two], [Me, Two]);
        state.Truncated(new Offset(7));
        Assert.Equal((7, 7), (state.HighWatermark.Value, state.LogEnd.Value));
    }

    [Fact]
    public void The_checkpointed_high_watermark_is_kept_within_the_log()
    {
        var state = new PartitionState(Me, false);
        state.LogOpened(new Offset(3), new Offset(8), new Offset(8), new Offset(99));
        Assert.Equal(8, state.HighWatermark.Value);
        state.LogOpened(new Offset(3), new Offset(8), new Offset(8), new Offset(0));
        Assert.Equal(3, state.HighWatermark.Value);
    }

    [Theory]
    [InlineData(-1, ErrorCode.None)]
    [InlineData(-2, ErrorCode.FencedLeaderEpoch)]
    [InlineData(2, ErrorCode.FencedLeaderEpoch)]
    [InlineData(3, ErrorCode.None)]
    [InlineData(4, ErrorCode.UnknownLeaderEpoch)]
    public void A_clients_epoch_is_compared_with_the_leaders(int epoch, ErrorCode expected)
    {
        var state = new PartitionState(Me, false);
        state.Apply(Me, new LeaderEpoch(3), 1, [Me], [Me]);
        Assert.Equal(expected, state.CheckLeader(epoch));
    }

    [Fact]
    public void Only_the_leader_answers_but_fencing_comes_first()
    {
        var state = new PartitionState(Me, false);
        state.Apply(Two, new LeaderEpoch(3), 1, [Me, Two], [Me, Two]);
        Assert.Equal(ErrorCode.NotLeaderOrFollower, state.CheckLeader(3));
        Assert.Equal(ErrorCode.None, state.CheckLeader(3, leaderOnly: false));
        Assert.Equal(ErrorCode.FencedLeaderEpoch, state.CheckLeader(2));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void Enough_in_sync_is_judged_by_the_topics_minimum(int minimum, bool expected)
    {
        var state = new PartitionState(Me, false);
        state.Apply(Me, new LeaderEpoch(0), 1, [Me, Two, Three], [Me, Two]);
        Assert.Equal(expected, state.HasEnoughInSync(minimum));
    }

    [Fact]
    public void The_minimum_never_asks_for_more_replicas_than_there_are() => Assert.True(Leader(fsync: true).HasEnoughInSync(3));

    private static PartitionState Leader(bool fsync)
    {
        var state = new PartitionState(Me, fsync);
        state.Apply(Me, new LeaderEpoch(0), 1, [Me], [Me]);
        return state;
    }
}
