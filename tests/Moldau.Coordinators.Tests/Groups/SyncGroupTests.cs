using Moldau.Coordinators.Groups;
using Moldau.Coordinators.Groups.Classic;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Coordinators.Tests.Groups;

public sealed class SyncGroupTests
{
    private static readonly byte[] First = [1], Second = [2];

    private readonly ShardDriver driver = new();
    private readonly GroupClient group;

    public SyncGroupTests() => group = new GroupClient(driver, "g");

    [Theory]
    [InlineData((short)5, null, "range", ErrorCode.InconsistentGroupProtocol)]
    [InlineData((short)5, "consumer", null, ErrorCode.InconsistentGroupProtocol)]
    [InlineData((short)5, "consumer", "range", ErrorCode.None)]
    [InlineData((short)4, null, null, ErrorCode.None)]
    public void From_version_5_the_protocol_is_named(short version, string? type, string? name, ErrorCode expected) =>
        Assert.Equal(expected, RequestChecks.SyncGroup(new SyncGroupRequest { GroupId = "g", ProtocolType = type, ProtocolName = name }, version));

    [Fact]
    public void A_group_or_member_that_is_not_there_is_unknown()
    {
        Assert.Equal(ErrorCode.UnknownMemberId, Error(group.Sync("m", 1)));
        group.Settle();
        Assert.Equal(ErrorCode.UnknownMemberId, Error(group.Sync("m", 1)));
    }

    [Fact]
    public void Another_generation_is_illegal()
    {
        string[] ids = group.Settle();
        Assert.Equal(ErrorCode.IllegalGeneration, Error(group.Sync(ids[0], 0)));
        Assert.Equal(ErrorCode.IllegalGeneration, Error(group.Sync(ids[0], 2)));
    }

    [Theory]
    [InlineData("connect", "range")]
    [InlineData("consumer", "sticky")]
    public void Another_protocol_is_inconsistent(string type, string name)
    {
        string[] ids = group.Settle();
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, Error(group.Sync(ids[0], 1, protocolType: type, protocolName: name)));
    }

    [Fact]
    public void While_a_rebalance_is_prepared_the_old_generation_is_sent_back()
    {
        string[] ids = group.Settle(2);
        group.Join(ids[0]);
        Assert.Equal(ErrorCode.RebalanceInProgress, Error(group.Sync(ids[1], 1)));
    }

    [Fact]
    public void An_assignment_is_given_out_when_it_is_committed_and_not_before()
    {
        var (leader, follower) = Generation();
        driver.CommitsAtOnce = false;
        ReplyToken waiting = group.Sync(follower, 1);
        ReplyToken leading = group.Sync(leader, 1, [(leader, First), (follower, Second)]);
        Assert.False(driver.IsAnswered(waiting));
        Assert.Equal(ClassicGroupState.CompletingRebalance, driver.Group("g").State);
        driver.Commit();
        Assert.Equal(First, group.Synced(leading).Assignment);
        SyncGroupResponse answer = group.Synced(waiting);
        Assert.Equal((ErrorCode.None, "consumer", "range"), ((ErrorCode)answer.ErrorCode, answer.ProtocolType, answer.ProtocolName));
        Assert.Equal(Second, answer.Assignment);
        Assert.Equal(ClassicGroupState.Stable, driver.Group("g").State);
    }

    [Fact]
    public void The_record_holds_the_generation_as_kafka_writes_it()
    {
        var (leader, follower) = Generation();
        group.Sync(leader, 1, [(leader, First)]);
        CoordinatorRecord record = JoinGroupTests.Decoded(driver.Log[^1]);
        Assert.Equal(3, record.ValueVersion);
        var value = (GroupMetadataValue)record.Value!;
        Assert.Equal(("consumer", 1, "range", leader), (value.ProtocolType, value.Generation, value.Protocol, value.Leader));
        GroupMetadataValue.MemberMetadata member = value.Members[0];
        Assert.Equal((leader, "client", "/127.0.0.1", 30_000, 10_000), (member.MemberId, member.ClientId, member.ClientHost, member.RebalanceTimeout, member.SessionTimeout));
        Assert.Equal(GroupClient.Subscription("in"), member.Subscription);
        Assert.Equal(First, member.Assignment);
        Assert.Equal((follower, 0), (value.Members[1].MemberId, value.Members[1].Assignment.Length));
    }

    [Fact]
    public void A_member_that_the_leader_left_out_gets_an_empty_assignment()
    {
        var (leader, follower) = Generation();
        ReplyToken waiting = group.Sync(follower, 1);
        group.Sync(leader, 1, [(leader, First)]);
        Assert.Equal(ErrorCode.None, Error(waiting));
        Assert.Empty(group.Synced(waiting).Assignment);
    }

    [Fact]
    public void In_a_stable_group_the_assignment_is_given_at_once()
    {
        string[] ids = group.Settle(2);
        Assert.Equal([1], group.Synced(group.Sync(ids[1], 1)).Assignment);
    }

    [Fact]
    public void A_leader_that_repeats_itself_does_not_change_what_is_being_written()
    {
        var (leader, follower) = Generation();
        driver.CommitsAtOnce = false;
        ReplyToken first = group.Sync(leader, 1, [(leader, First)]);
        int written = driver.Log.Count;
        ReplyToken again = group.Sync(leader, 1, [(leader, Second)]);
        Assert.Equal(written, driver.Log.Count);
        Assert.Equal(ErrorCode.RebalanceInProgress, Error(first));
        driver.Commit();
        Assert.Equal(First, group.Synced(again).Assignment);
        Assert.Equal(driver.Durable(), driver.Reload().Durable());
        Assert.NotEqual(follower, leader);
    }

    [Fact]
    public void An_assignment_that_cannot_be_written_sends_everyone_back_to_join()
    {
        var (leader, follower) = Generation();
        ReplyToken waiting = group.Sync(follower, 1);
        driver.NextAppend = ErrorCode.MessageTooLarge;
        ReplyToken leading = group.Sync(leader, 1, [(leader, First)]);
        Assert.Equal(ErrorCode.UnknownServerError, Error(leading));
        Assert.Equal(ErrorCode.UnknownServerError, Error(waiting));
        Assert.Equal(ClassicGroupState.PreparingRebalance, driver.Group("g").State);
        ReplyToken join = group.Join(leader);
        group.Join(follower);
        Assert.Equal(2, group.Joined(join).GenerationId);
    }

    [Theory]
    [InlineData(ErrorCode.NotLeaderOrFollower, ErrorCode.NotCoordinator)]
    [InlineData(ErrorCode.KafkaStorageError, ErrorCode.NotCoordinator)]
    [InlineData(ErrorCode.RequestTimedOut, ErrorCode.CoordinatorNotAvailable)]
    [InlineData(ErrorCode.NotEnoughReplicas, ErrorCode.CoordinatorNotAvailable)]
    public void An_assignment_whose_commit_fails_is_answered_in_a_clients_words(ErrorCode append, ErrorCode expected)
    {
        var (leader, _) = Generation();
        driver.CommitsAtOnce = false;
        ReplyToken leading = group.Sync(leader, 1, [(leader, First)]);
        driver.FailCommits(append);
        Assert.Equal(expected, Error(leading));
    }

    [Fact]
    public void A_commit_that_comes_after_the_next_rebalance_began_is_of_no_consequence()
    {
        var (leader, follower) = Generation();
        driver.CommitsAtOnce = false;
        ReplyToken leading = group.Sync(leader, 1, [(leader, First)]);
        ReplyToken join = group.Join(follower, protocols: ["range", "sticky"]);
        Assert.Equal(ErrorCode.RebalanceInProgress, Error(leading));
        driver.Commit();
        Assert.Equal(ClassicGroupState.PreparingRebalance, driver.Group("g").State);
        group.Join(leader);
        Assert.Equal(2, group.Joined(join).GenerationId);
    }

    [Fact]
    public void A_commit_does_not_reach_another_group_of_the_same_name_and_generation()
    {
        var (leader, follower) = Generation();
        driver.CommitsAtOnce = false;
        group.Sync(leader, 1, [(leader, First)]);
        group.Leave((leader, null), (follower, null));
        driver.Ask((shard, now, token) => shard.DeleteGroups(now, ["g"], token));
        ReplyToken join = group.Join(version: 3);
        driver.Advance(3_000);
        Assert.Equal(1, group.Joined(join).GenerationId);
        driver.Commit();
        Assert.Equal(ClassicGroupState.CompletingRebalance, driver.Group("g").State);
    }

    [Fact]
    public void Members_that_do_not_ask_for_their_assignment_in_time_are_put_out()
    {
        var (leader, follower) = Generation();
        ReplyToken leading = group.Sync(leader, 1, [(leader, First)]);
        Assert.Equal(ErrorCode.None, Error(leading));
        for (int i = 0; i < 6; i++)
        {
            Assert.Equal(ErrorCode.None, group.Heartbeat(leader, 1));
            Assert.Equal(ErrorCode.None, group.Heartbeat(follower, 1));
            driver.Advance(5_000);
        }

        Assert.Equal(ErrorCode.RebalanceInProgress, group.Heartbeat(leader, 1));
        Assert.Equal(ErrorCode.UnknownMemberId, group.Heartbeat(follower, 1));
    }

    [Fact]
    public void A_leader_that_never_assigns_is_put_out_and_the_waiting_join_again()
    {
        var (leader, follower) = Generation();
        ReplyToken waiting = group.Sync(follower, 1);
        for (int i = 0; i < 6; i++)
        {
            group.Heartbeat(leader, 1);
            driver.Advance(5_000);
        }

        Assert.Equal(ErrorCode.RebalanceInProgress, Error(waiting));
        ReplyToken join = group.Join(follower);
        Assert.Equal((2, follower), (group.Joined(join).GenerationId, group.Joined(join).Leader));
    }

    [Fact]
    public void When_all_have_synced_nobody_is_waited_for()
    {
        group.Settle(2);
        Assert.False(driver.Ticks(new TimerKey(TimerKind.Sync, "g")));
    }

    [Fact]
    public void A_parked_sync_keeps_the_session()
    {
        var (leader, follower) = Generation();
        ReplyToken waiting = group.Sync(follower, 1);
        for (int i = 0; i < 5; i++)
        {
            group.Heartbeat(leader, 1);
            driver.Advance(5_000);
        }

        Assert.False(driver.IsAnswered(waiting));
        group.Sync(leader, 1, [(follower, Second)]);
        Assert.Equal(Second, group.Synced(waiting).Assignment);
    }

    [Fact]
    public void A_member_that_leaves_while_it_waits_is_answered()
    {
        var (_, follower) = Generation();
        ReplyToken waiting = group.Sync(follower, 1);
        group.Leave((follower, null));
        Assert.Equal(ErrorCode.UnknownMemberId, Error(waiting));
    }

    private (string Leader, string Follower) Generation()
    {
        ReplyToken first = group.Join(version: 3);
        ReplyToken second = group.Join(version: 3);
        driver.Advance(6_000);
        Assert.Equal(2, group.Joined(first).Members.Count);
        return (group.Joined(first).MemberId, group.Joined(second).MemberId);
    }

    private ErrorCode Error(ReplyToken token) => (ErrorCode)group.Synced(token).ErrorCode;
}
