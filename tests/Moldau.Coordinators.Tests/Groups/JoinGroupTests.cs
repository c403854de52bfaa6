using Moldau.Coordinators.Groups;
using Moldau.Coordinators.Groups.Classic;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Coordinators.Tests.Groups;

public sealed class JoinGroupTests
{
    private readonly ShardDriver driver = new();
    private readonly GroupClient group;

    public JoinGroupTests() => group = new GroupClient(driver, "g");

    [Theory]
    [InlineData("", 10_000, ErrorCode.InvalidGroupId)]
    [InlineData("g", 5_999, ErrorCode.InvalidSessionTimeout)]
    [InlineData("g", 1_800_001, ErrorCode.InvalidSessionTimeout)]
    [InlineData("g", 6_000, ErrorCode.None)]
    [InlineData("g", 1_800_000, ErrorCode.None)]
    public void A_group_id_and_a_session_timeout_in_range_are_asked_for(string groupId, int sessionMs, ErrorCode expected) =>
        Assert.Equal(expected, RequestChecks.JoinGroup(new JoinGroupRequest { GroupId = groupId, SessionTimeoutMs = sessionMs }, driver.Config));

    [Fact]
    public void A_member_id_that_nobody_gave_out_is_unknown_and_makes_no_group()
    {
        JoinGroupResponse response = group.Joined(group.Join("made-up"));
        Assert.Equal(ErrorCode.UnknownMemberId, (ErrorCode)response.ErrorCode);
        Assert.Equal("made-up", response.MemberId);
        Assert.Empty(driver.Log);
    }

    [Fact]
    public void A_member_id_of_another_generation_of_the_group_is_unknown()
    {
        group.Settle();
        Assert.Equal(ErrorCode.UnknownMemberId, (ErrorCode)group.Joined(group.Join("made-up")).ErrorCode);
    }

    [Theory]
    [InlineData("connect", "range")]
    [InlineData("consumer", "sticky")]
    public void A_protocol_that_the_members_do_not_share_is_inconsistent(string type, string protocol)
    {
        group.Settle();
        JoinGroupResponse response = group.Joined(group.Join(protocolType: type, protocols: [protocol]));
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, (ErrorCode)response.ErrorCode);
    }

    [Fact]
    public void An_empty_group_takes_any_protocol_but_none()
    {
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, (ErrorCode)group.Joined(group.Join(protocols: [])).ErrorCode);
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, (ErrorCode)group.Joined(group.Join(protocolType: "")).ErrorCode);
        Assert.Equal(ErrorCode.MemberIdRequired, (ErrorCode)group.Joined(group.Join(protocolType: "any", protocols: ["thing"])).ErrorCode);
    }

    [Fact]
    public void A_full_group_takes_no_new_member_and_keeps_the_old_ones()
    {
        var small = new ShardDriver(new GroupConfig { MaxSize = 1 });
        var one = new GroupClient(small, "g");
        string[] ids = one.Settle();
        Assert.Equal(ErrorCode.GroupMaxSizeReached, (ErrorCode)one.Joined(one.Join()).ErrorCode);
        ReplyToken again = one.Join(ids[0]);
        Assert.Equal(ErrorCode.None, (ErrorCode)one.Joined(again).ErrorCode);
    }

    [Fact]
    public void Pending_members_are_bounded()
    {
        for (int i = 0; i < Limits.PendingMembersPerGroup; i++) group.Join();
        Assert.Equal(ErrorCode.GroupMaxSizeReached, (ErrorCode)group.Joined(group.Join()).ErrorCode);
    }

    [Fact]
    public void The_maximum_size_counts_those_that_have_joined_this_time()
    {
        var small = new ShardDriver(new GroupConfig { MaxSize = 2 });
        var two = new GroupClient(small, "g");
        string[] ids = two.Settle(2);
        string third = "none";
        Assert.Equal(ErrorCode.GroupMaxSizeReached, (ErrorCode)two.Joined(two.Join(third)).ErrorCode);
        ReplyToken first = two.Join(ids[0]);
        ReplyToken second = two.Join(ids[1]);
        Assert.Equal(ErrorCode.None, (ErrorCode)two.Joined(first).ErrorCode);
        Assert.Equal(ErrorCode.None, (ErrorCode)two.Joined(second).ErrorCode);
    }

    [Fact]
    public void From_version_4_a_new_member_is_given_an_id_to_come_back_with()
    {
        JoinGroupResponse response = group.Joined(group.Join(version: 4));
        Assert.Equal(ErrorCode.MemberIdRequired, (ErrorCode)response.ErrorCode);
        Assert.StartsWith("client-", response.MemberId);
        ReplyToken join = group.Join(response.MemberId);
        driver.Advance(3_000);
        Assert.Equal(response.MemberId, group.Joined(join).MemberId);
    }

    [Fact]
    public void Before_version_4_a_new_member_joins_at_once()
    {
        ReplyToken join = group.Join(version: 3);
        Assert.False(driver.IsAnswered(join));
        driver.Advance(3_000);
        JoinGroupResponse response = group.Joined(join);
        Assert.Equal(ErrorCode.None, (ErrorCode)response.ErrorCode);
        Assert.Equal(1, response.GenerationId);
        Assert.Equal(response.MemberId, response.Leader);
    }

    [Fact]
    public void A_pending_member_with_an_instance_id_has_mixed_something_up()
    {
        string id = group.Joined(group.Join()).MemberId;
        Assert.Equal(ErrorCode.UnknownServerError, (ErrorCode)group.Joined(group.Join(id, instance: "i")).ErrorCode);
    }

    [Fact]
    public void A_pending_member_that_does_not_come_back_is_forgotten_after_its_session_timeout()
    {
        string id = group.Joined(group.Join()).MemberId;
        driver.Advance(10_000);
        Assert.Equal(0, driver.Group("g").PendingMemberCount);
        Assert.Equal(ErrorCode.UnknownMemberId, (ErrorCode)group.Joined(group.Join(id)).ErrorCode);
    }

    [Fact]
    public void A_rebalance_waits_for_a_pending_member()
    {
        string[] ids = group.Settle();
        string pending = group.Joined(group.Join()).MemberId;
        ReplyToken leader = group.Join(ids[0]);
        Assert.False(driver.IsAnswered(leader));
        ReplyToken second = group.Join(pending);
        Assert.Equal(2, group.Joined(leader).Members.Count);
        Assert.Empty(group.Joined(second).Members);
    }

    [Fact]
    public void A_rebalance_ends_when_the_pending_member_it_waits_for_runs_out()
    {
        string[] ids = group.Settle();
        group.Join();
        ReplyToken leader = group.Join(ids[0]);
        driver.Advance(10_000);
        Assert.Equal(ErrorCode.None, (ErrorCode)group.Joined(leader).ErrorCode);
    }

    [Fact]
    public void A_new_group_writes_its_empty_record_first()
    {
        group.Join();
        CoordinatorRecord record = Decoded(Assert.Single(driver.Log));
        Assert.Equal(3, record.ValueVersion);
        var value = Assert.IsType<GroupMetadataValue>(record.Value);
        Assert.Equal((0, "", (string?)null, (string?)null, 1_000_000L), (value.Generation, value.ProtocolType, value.Protocol, value.Leader, value.CurrentStateTimestamp));
    }

    [Fact]
    public void The_initial_delay_is_prolonged_while_members_come_and_ends_with_the_rebalance_timeout()
    {
        ReplyToken first = group.Join(version: 3, rebalanceMs: 7_000);
        driver.Advance(2_999);
        ReplyToken second = group.Join(version: 3, rebalanceMs: 7_000);
        driver.Advance(2_999);
        ReplyToken third = group.Join(version: 3, rebalanceMs: 7_000);
        driver.Advance(1_000);
        Assert.False(driver.IsAnswered(first));
        driver.Advance(2);
        Assert.Equal(3, group.Joined(first).Members.Count);
        Assert.Equal(1, group.Joined(second).GenerationId);
        Assert.Equal(1, group.Joined(third).GenerationId);
    }

    [Fact]
    public void Without_new_members_the_initial_delay_is_waited_for_once()
    {
        ReplyToken join = group.Join(version: 3);
        driver.Advance(2_999);
        Assert.False(driver.IsAnswered(join));
        driver.Advance(1);
        Assert.True(driver.IsAnswered(join));
    }

    [Fact]
    public void A_rebalance_puts_out_the_members_that_do_not_join_in_time()
    {
        string[] ids = group.Settle(2);
        ReplyToken join = group.Join(ids[1], protocols: ["range", "other"]);
        for (int i = 0; i < 5; i++)
        {
            driver.Advance(5_999);
            Assert.Equal(ErrorCode.RebalanceInProgress, group.Heartbeat(ids[0], 1));
        }

        Assert.False(driver.IsAnswered(join));
        driver.Advance(10);
        JoinGroupResponse response = group.Joined(join);
        Assert.Equal(ids[1], response.Leader);
        Assert.Single(response.Members);
        Assert.Equal(ErrorCode.UnknownMemberId, group.Heartbeat(ids[0], 1));
    }

    [Fact]
    public void The_longest_rebalance_timeout_of_the_members_counts()
    {
        ReplyToken fast = group.Join(version: 3, rebalanceMs: 10_000);
        group.Join(version: 3, rebalanceMs: 60_000);
        driver.Advance(6_000);
        group.Join(group.Joined(fast).MemberId, protocols: ["range", "more"], rebalanceMs: 10_000);
        Assert.Equal(driver.NowMs + 60_000, driver.DeadlineOf(new TimerKey(TimerKind.Join, "g")));
    }

    [Fact]
    public void In_version_0_the_session_timeout_is_the_rebalance_timeout()
    {
        group.Join(version: 0, sessionMs: 8_000, rebalanceMs: -1);
        Assert.Equal(8_000, driver.Group("g").RebalanceTimeoutMs);
    }

    [Fact]
    public void A_follower_that_joins_a_stable_group_unchanged_is_told_the_generation()
    {
        string[] ids = group.Settle(2);
        JoinGroupResponse response = group.Joined(group.Join(ids[1]));
        Assert.Equal((1, ids[0], 0), (response.GenerationId, response.Leader, response.Members.Count));
        Assert.Equal(ClassicGroupState.Stable, driver.Group("g").State);
    }

    [Fact]
    public void A_leader_that_joins_a_stable_group_rebalances_it()
    {
        string[] ids = group.Settle(2);
        ReplyToken leader = group.Join(ids[0]);
        Assert.Equal(ClassicGroupState.PreparingRebalance, driver.Group("g").State);
        group.Join(ids[1]);
        Assert.Equal(2, group.Joined(leader).GenerationId);
    }

    [Fact]
    public void While_the_assignment_is_due_a_repeated_join_gets_the_same_generation_again()
    {
        ReplyToken first = group.Join(version: 3);
        driver.Advance(3_000);
        string id = group.Joined(first).MemberId;
        JoinGroupResponse again = group.Joined(group.Join(id));
        Assert.Equal(1, again.GenerationId);
        Assert.Single(again.Members);
    }

    [Fact]
    public void While_the_assignment_is_due_a_changed_join_rebalances_and_sends_the_waiting_back()
    {
        ReplyToken first = group.Join(version: 3);
        ReplyToken second = group.Join(version: 3);
        driver.Advance(6_000);
        string leader = group.Joined(first).MemberId, follower = group.Joined(second).MemberId;
        ReplyToken sync = group.Sync(follower, 1);
        ReplyToken changed = group.Join(leader, protocols: ["range", "sticky"]);
        Assert.Equal(ErrorCode.RebalanceInProgress, (ErrorCode)group.Synced(sync).ErrorCode);
        Assert.False(driver.IsAnswered(changed));
        group.Join(follower);
        Assert.Equal(2, group.Joined(changed).GenerationId);
    }

    [Fact]
    public void A_second_join_of_a_parked_member_answers_the_first()
    {
        ReplyToken first = group.Join(version: 3);
        string id = driver.Group("g").Members[0].MemberId;
        ReplyToken second = group.Join(id);
        Assert.Equal(ErrorCode.RebalanceInProgress, (ErrorCode)group.Joined(first).ErrorCode);
        driver.Advance(3_000);
        Assert.Equal(ErrorCode.None, (ErrorCode)group.Joined(second).ErrorCode);
    }

    [Fact]
    public void A_new_member_whose_join_is_parked_too_long_is_dropped_and_told_so()
    {
        string[] ids = group.Settle();
        ReplyToken join = group.Join(version: 3, rebalanceMs: 600_000);
        for (int passed = 0; passed < 300_000; passed += 5_000)
        {
            Assert.Equal(ErrorCode.RebalanceInProgress, group.Heartbeat(ids[0], 1));
            driver.Advance(5_000);
        }

        Assert.Equal(ErrorCode.UnknownMemberId, (ErrorCode)group.Joined(join).ErrorCode);
    }

    [Fact]
    public void The_protocol_that_most_members_prefer_is_chosen_among_those_that_all_offer()
    {
        ReplyToken a = group.Join(version: 3, protocols: ["range", "sticky", "mine"]);
        group.Join(version: 3, protocols: ["sticky", "range"]);
        group.Join(version: 3, protocols: ["sticky", "range"]);
        driver.Advance(30_000);
        Assert.Equal("sticky", group.Joined(a).ProtocolName);
    }

    [Fact]
    public void A_protocol_named_twice_counts_once()
    {
        ReplyToken a = group.Join(version: 3, protocols: ["twice", "twice", "range"]);
        group.Join(version: 3, protocols: ["range"]);
        driver.Advance(30_000);
        Assert.Equal("range", group.Joined(a).ProtocolName);
    }

    internal static CoordinatorRecord Decoded(LogRecord record) => GroupRecordCodec.Decode(record.Key, record.Value)!.Value;
}
