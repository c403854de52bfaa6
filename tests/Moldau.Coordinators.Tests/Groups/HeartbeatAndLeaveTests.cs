using Moldau.Coordinators.Groups.Classic;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Coordinators.Tests.Groups;

public sealed class HeartbeatAndLeaveTests
{
    private readonly ShardDriver driver = new();
    private readonly GroupClient group;

    public HeartbeatAndLeaveTests() => group = new GroupClient(driver, "g");

    [Fact]
    public void A_heartbeat_to_no_group_or_from_no_member_is_unknown()
    {
        Assert.Equal(ErrorCode.UnknownMemberId, group.Heartbeat("m", 1));
        group.Settle();
        Assert.Equal(ErrorCode.UnknownMemberId, group.Heartbeat("m", 1));
    }

    [Fact]
    public void A_heartbeat_of_another_generation_is_illegal()
    {
        string[] ids = group.Settle();
        Assert.Equal(ErrorCode.IllegalGeneration, group.Heartbeat(ids[0], 0));
        Assert.Equal(ErrorCode.IllegalGeneration, group.Heartbeat(ids[0], 2));
    }

    [Fact]
    public void Between_join_and_sync_a_heartbeat_is_fine_and_while_joining_it_tells_of_the_rebalance()
    {
        ReplyToken join = group.Join(version: 3);
        driver.Advance(3_000);
        string id = group.Joined(join).MemberId;
        Assert.Equal(ErrorCode.None, group.Heartbeat(id, 1));
        group.Join();
        group.Join(id, protocols: ["range", "sticky"]);
        Assert.Equal(ErrorCode.RebalanceInProgress, group.Heartbeat(id, 1));
    }

    [Fact]
    public void Without_heartbeats_the_session_ends_and_the_others_rebalance()
    {
        string[] ids = group.Settle(2);
        driver.Advance(9_999);
        Assert.Equal(ErrorCode.None, group.Heartbeat(ids[0], 1));
        driver.Advance(1);
        Assert.Equal(ErrorCode.RebalanceInProgress, group.Heartbeat(ids[0], 1));
        Assert.Equal(ErrorCode.UnknownMemberId, group.Heartbeat(ids[1], 1));
    }

    [Fact]
    public void The_last_session_to_end_leaves_an_empty_group_and_its_record()
    {
        group.Settle();
        driver.Advance(10_000);
        Assert.Equal(ClassicGroupState.Empty, driver.Group("g").State);
        var value = (GroupMetadataValue)JoinGroupTests.Decoded(driver.Log[^1]).Value!;
        Assert.Equal(("consumer", 2, (string?)null, (string?)null, 0), (value.ProtocolType, value.Generation, value.Protocol, value.Leader, value.Members.Count));
    }

    [Fact]
    public void An_empty_group_begins_anew_with_the_next_generation()
    {
        group.Settle();
        driver.Advance(10_000);
        ReplyToken join = group.Join(version: 3);
        driver.Advance(3_000);
        Assert.Equal(3, group.Joined(join).GenerationId);
    }

    [Fact]
    public void Leaving_no_group_is_told_member_by_member()
    {
        LeaveGroupResponse response = driver.Answer<LeaveGroupResponse>(group.Leave(("a", null), ("", "i")));
        Assert.Equal(ErrorCode.None, (ErrorCode)response.ErrorCode);
        Assert.Equal([("a", (short)25), ("", (short)25)], response.Members.Select(member => (member.MemberId, member.ErrorCode)));
    }

    [Fact]
    public void Members_that_leave_are_told_one_by_one_and_the_rest_rebalance()
    {
        string[] ids = group.Settle(2);
        LeaveGroupResponse response = driver.Answer<LeaveGroupResponse>(group.Leave((ids[0], null), ("x", null), ("", "nobody"), ("", null)));
        Assert.Equal([(short)0, (short)25, (short)25, (short)25], response.Members.Select(member => member.ErrorCode));
        Assert.Equal(ErrorCode.RebalanceInProgress, group.Heartbeat(ids[1], 1));
        Assert.Equal(ids[1], driver.Group("g").LeaderId);
    }

    [Fact]
    public void Leaving_nobody_changes_nothing()
    {
        group.Settle();
        Assert.Empty(driver.Answer<LeaveGroupResponse>(group.Leave()).Members);
        Assert.Equal(ClassicGroupState.Stable, driver.Group("g").State);
    }

    [Fact]
    public void A_pending_member_that_leaves_is_forgotten_and_the_group_rebalances_as_in_kafka()
    {
        group.Settle();
        string pending = group.Joined(group.Join()).MemberId;
        Assert.Equal(0, driver.Answer<LeaveGroupResponse>(group.Leave((pending, null))).Members[0].ErrorCode);
        Assert.Equal(ClassicGroupState.PreparingRebalance, driver.Group("g").State);
        Assert.Equal(ErrorCode.UnknownMemberId, (ErrorCode)group.Joined(group.Join(pending)).ErrorCode);
    }

    [Fact]
    public void A_rebalance_ends_when_the_last_member_it_waits_for_leaves()
    {
        string[] ids = group.Settle(2);
        ReplyToken join = group.Join(ids[0]);
        group.Leave((ids[1], null));
        Assert.Equal(2, group.Joined(join).GenerationId);
    }

    [Fact]
    public void Leaving_is_answered_when_the_empty_group_is_committed()
    {
        string[] ids = group.Settle();
        driver.CommitsAtOnce = false;
        ReplyToken leave = group.Leave((ids[0], null));
        Assert.False(driver.IsAnswered(leave));
        driver.Commit();
        Assert.Equal(0, driver.Answer<LeaveGroupResponse>(leave).ErrorCode);
    }

    [Fact]
    public void Leaving_that_cannot_be_written_is_answered_with_the_error()
    {
        string[] ids = group.Settle();
        driver.NextAppend = ErrorCode.NotLeaderOrFollower;
        Assert.Equal(ErrorCode.NotCoordinator, (ErrorCode)driver.Answer<LeaveGroupResponse>(group.Leave((ids[0], null))).ErrorCode);
    }

    [Fact]
    public void A_member_that_leaves_while_its_join_is_parked_gets_an_answer()
    {
        string[] ids = group.Settle(2);
        ReplyToken join = group.Join(ids[0]);
        group.Leave((ids[0], null));
        Assert.Equal(ErrorCode.UnknownMemberId, (ErrorCode)group.Joined(join).ErrorCode);
    }
}
