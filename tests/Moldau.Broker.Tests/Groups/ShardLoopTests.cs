using Moldau.Broker.Groups;
using Moldau.Coordinators.Groups;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Tests.Groups;

public sealed class ShardLoopTests
{
    [Fact]
    public void A_partition_that_this_node_does_not_lead_is_coordinated_elsewhere() => ShardWorld.Run(async world =>
    {
        Assert.Equal(ErrorCode.NotCoordinator, await world.CommitAsync(1));
        await world.LeadAsync(1);
        world.Coordinator.Resign(0);
        Assert.Equal(ErrorCode.NotCoordinator, await world.CommitAsync(1));
    });

    [Fact]
    public void While_it_loads_everybody_is_told_to_wait() => ShardWorld.Run(async world =>
    {
        await world.LeadAsync(1);
        await world.CommitAsync(1);
        world.Coordinator.BecomeLeader(0, 2, world.Log);
        Assert.Equal(ErrorCode.CoordinatorLoadInProgress, await world.CommitAsync(1));
        Assert.Equal(ErrorCode.CoordinatorLoadInProgress, (await world.FetchAsync()).Error);
    });

    [Fact]
    public void A_partition_without_records_serves_at_once() => ShardWorld.Run(async world =>
    {
        world.Coordinator.BecomeLeader(0, 1, world.Log);
        Assert.Equal(ErrorCode.None, await world.CommitAsync(1));
    });

    [Fact]
    public void The_next_term_knows_what_the_last_one_wrote() => ShardWorld.Run(async world =>
    {
        await world.LeadAsync(1);
        for (int i = 0; i < 30; i++) Assert.Equal(ErrorCode.None, await world.CommitAsync(i, topic: $"t{i % 3}"));
        await world.LeadAsync(2);
        Assert.Equal((27L, ErrorCode.None), await world.FetchAsync(topic: "t0"));
        Assert.Equal((29L, ErrorCode.None), await world.FetchAsync(topic: "t2"));
    }, options: new GroupCoordinatorOptions { LoadBufferBytes = 400 });

    [Fact]
    public void An_answer_waits_for_the_commit_and_so_does_who_reads_it() => ShardWorld.Run(async world =>
    {
        await world.LeadAsync(1);
        world.Log.Commits = false;
        Task<ErrorCode> commit = world.CommitAsync(7);
        Task<(long, ErrorCode)> fetch = world.FetchAsync();
        await world.Delay(1_000);
        Assert.False(commit.IsCompleted);
        Assert.False(fetch.IsCompleted);
        world.Log.Commit();
        Assert.Equal(ErrorCode.None, await commit);
        Assert.Equal((7L, ErrorCode.None), await fetch);
    });

    [Fact]
    public void A_commit_that_takes_too_long_is_answered_and_counts_all_the_same() => ShardWorld.Run(async world =>
    {
        await world.LeadAsync(1);
        world.Log.Commits = false;
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, await world.CommitAsync(7));
        world.Log.Commit();
        Assert.Equal((7L, ErrorCode.None), await world.FetchAsync());
    });

    [Fact]
    public void A_commit_behind_one_that_timed_out_has_its_own_time() => ShardWorld.Run(async world =>
    {
        await world.LeadAsync(1);
        world.Log.Commits = false;
        Task<ErrorCode> first = world.CommitAsync(1);
        await world.Delay(4_000);
        Task<ErrorCode> second = world.CommitAsync(2);
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, await first);
        Assert.False(second.IsCompleted);
        world.Log.Commit();
        Assert.Equal(ErrorCode.None, await second);
    });

    [Theory]
    [InlineData(ErrorCode.NotLeaderOrFollower, ErrorCode.NotCoordinator)]
    [InlineData(ErrorCode.KafkaStorageError, ErrorCode.NotCoordinator)]
    [InlineData(ErrorCode.NotEnoughReplicas, ErrorCode.CoordinatorNotAvailable)]
    public void A_write_that_fails_changes_nothing(ErrorCode append, ErrorCode expected) => ShardWorld.Run(async world =>
    {
        await world.LeadAsync(1);
        Assert.Equal(ErrorCode.None, await world.CommitAsync(1));
        world.Log.AppendError = append;
        Assert.Equal(expected, await world.CommitAsync(2));
        Assert.Equal((1L, ErrorCode.None), await world.FetchAsync());
    });

    [Fact]
    public void A_commit_that_fails_is_answered_with_the_failure() => ShardWorld.Run(async world =>
    {
        await world.LeadAsync(1);
        world.Log.Commits = false;
        Task<ErrorCode> commit = world.CommitAsync(1);
        world.Log.CommitError = ErrorCode.KafkaStorageError;
        Assert.Equal(ErrorCode.NotCoordinator, await commit);
    });

    [Fact]
    public void A_request_too_large_for_a_batch_is_refused_whole() => ShardWorld.Run(async world =>
    {
        await world.LeadAsync(1);
        Assert.Equal(ErrorCode.UnknownServerError, await world.CommitAsync(1, metadata: new string('x', 600)));
        Assert.Equal(0, world.Log.BatchCount);
        Assert.Equal(ErrorCode.None, await world.CommitAsync(1));
    }, batchBytesMax: 500);

    [Fact]
    public void Cleaning_up_is_spread_over_batches() => ShardWorld.Run(async world =>
    {
        await world.LeadAsync(1);
        for (int i = 0; i < 20; i++) await world.CommitAsync(i, group: $"group{i}");
        int written = world.Log.BatchCount;
        world.Coordinator.TellAll((shard, now) => shard.TopicsDeleted(now, [("in", new Uuid(1, 1))]));
        Assert.Equal((-1L, ErrorCode.None), await world.FetchAsync("group19"));
        Assert.True(world.Log.BatchCount > written + 1, $"{world.Log.BatchCount - written} batches");
    }, batchBytesMax: 500);

    [Fact]
    public void The_end_of_a_term_answers_everyone() => ShardWorld.Run(async world =>
    {
        await world.LeadAsync(1);
        world.Log.Commits = false;
        Task<JoinGroupResponse> join = world.JoinAsync();
        Task<ErrorCode> commit = world.CommitAsync(1, group: "other");
        await world.Delay(100);
        await world.Coordinator.StopAsync();
        Assert.Equal(ErrorCode.NotCoordinator, (ErrorCode)(await join).ErrorCode);
        Assert.Equal(ErrorCode.NotCoordinator, await commit);
        Assert.Equal(ErrorCode.NotCoordinator, await world.CommitAsync(2));
    });

    [Fact]
    public void A_term_that_ends_while_it_loads_never_serves() => ShardWorld.Run(async world =>
    {
        world.Coordinator.BecomeLeader(0, 1, world.Log);
        await world.Coordinator.StopAsync();
        Assert.Equal(ErrorCode.NotCoordinator, await world.CommitAsync(1));
    });

    [Fact]
    public void A_damaged_record_leaves_the_partition_out_of_service() => ShardWorld.Run(async world =>
    {
        world.Log.AppendRaw([0, 2, 0, 1], [0, 3, 9]);
        await world.LeadAsync(1);
        Assert.Equal(ErrorCode.NotCoordinator, await world.CommitAsync(1));
        world.Coordinator.Resign(0);
        Assert.Equal(ErrorCode.NotCoordinator, await world.CommitAsync(1));
    });

    [Fact]
    public void Records_of_a_later_version_are_passed_over() => ShardWorld.Run(async world =>
    {
        world.Log.AppendRaw([0x7f, 0, 1], [0, 1, 2]);
        await world.LeadAsync(1);
        Assert.Equal(ErrorCode.None, await world.CommitAsync(1));
    });

    [Fact]
    public void Sessions_end_in_their_time_whatever_the_wall_clock_does() => ShardWorld.Run(async world =>
    {
        await world.LeadAsync(1);
        JoinGroupResponse joined = await world.JoinAsync();
        Assert.Equal(ErrorCode.None, await world.HeartbeatAsync(joined.MemberId, 1));
        world.Process.Host.MoveClock(TimeSpan.FromHours(5));
        await world.Delay(5_000);
        Assert.Equal(ErrorCode.None, await world.HeartbeatAsync(joined.MemberId, 1));
        world.Process.Host.MoveClock(TimeSpan.FromHours(-9));
        await world.Delay(10_500);
        Assert.Equal(ErrorCode.UnknownMemberId, await world.HeartbeatAsync(joined.MemberId, 1));
    });

    [Fact]
    public void Whatever_terms_come_and_go_no_acknowledged_offset_is_lost()
    {
        for (ulong seed = 1; seed <= 60; seed++)
        {
            ShardWorld.Run(
                async world =>
                {
                    await world.LeadAsync(1);
                    long acknowledged = -1;
                    int epoch = 1;
                    Task<ErrorCode>? last = null;
                    for (int i = 0; i < 40; i++)
                    {
                        last = world.CommitAsync(i);
                        if (world.World.Random.Below(5) == 0) world.Coordinator.BecomeLeader(0, ++epoch, world.Log);
                        if (await last == ErrorCode.None) acknowledged = i;
                        await world.Delay(world.World.Random.Below(3));
                    }

                    await world.LeadAsync(++epoch);
                    (long offset, ErrorCode error) = await world.FetchAsync();
                    Assert.Equal(ErrorCode.None, error);
                    Assert.True(offset >= acknowledged, $"{offset} after {acknowledged} was acknowledged");
                },
                seed);
        }
    }

    [Fact]
    public void Answers_for_many_groups_come_in_the_order_of_the_question() => ShardWorld.Run(async world =>
    {
        await world.LeadAsync(1);
        DescribeGroupsResponse.DescribedGroup[] groups = await world.Coordinator.AskForEachAsync(
            ["b", "", "a", "b"],
            (shard, now, ids, token) => shard.DescribeGroups(now, ids, new RequestOrigin("c", "/h", 5), token),
            (id, error) => new DescribeGroupsResponse.DescribedGroup { GroupId = id, ErrorCode = (short)error });
        Assert.Equal(["b", "", "a", "b"], groups.Select(group => group.GroupId));
        Assert.All(groups, group => Assert.Equal("Dead", group.GroupState));
    });
}
