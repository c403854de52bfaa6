using Moldau.Coordinators.Groups.Classic;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Coordinators.Tests.Groups;

public sealed class StaticMemberTests
{
    private readonly ShardDriver driver = new();
    private readonly GroupClient group;

    public StaticMemberTests() => group = new GroupClient(driver, "g");

    [Fact]
    public void A_former_self_is_fenced_everywhere()
    {
        var (_, follower) = Settle();
        string current = group.Joined(group.Join(instance: "two")).MemberId;
        Assert.Equal(ErrorCode.FencedInstanceId, group.Heartbeat(follower, 1, "two"));
        Assert.Equal(ErrorCode.FencedInstanceId, (ErrorCode)group.Joined(group.Join(follower, "two")).ErrorCode);
        Assert.Equal(ErrorCode.FencedInstanceId, (ErrorCode)group.Synced(group.Sync(follower, 1, instance: "two")).ErrorCode);
        Assert.Equal(ErrorCode.FencedInstanceId, group.CommitError(group.Commit(1, follower, 1, "two")));
        Assert.Equal((short)ErrorCode.FencedInstanceId, driver.Answer<LeaveGroupResponse>(group.Leave((follower, "two"))).Members[0].ErrorCode);
        Assert.Equal(ErrorCode.UnknownMemberId, group.Heartbeat(follower, 1));
        Assert.Equal(ErrorCode.None, group.Heartbeat(current, 1, "two"));
    }

    [Fact]
    public void An_instance_id_that_is_not_in_the_group_is_unknown()
    {
        var (leader, _) = Settle();
        Assert.Equal(ErrorCode.UnknownMemberId, group.Heartbeat(leader, 1, "three"));
        Assert.Equal(ErrorCode.UnknownMemberId, (ErrorCode)group.Joined(group.Join(leader, "three")).ErrorCode);
    }

    [Fact]
    public void A_parked_join_of_the_former_self_is_fenced()
    {
        ReplyToken first = group.Join(instance: "one");
        ReplyToken second = group.Join(instance: "one");
        Assert.Equal(ErrorCode.FencedInstanceId, (ErrorCode)group.Joined(first).ErrorCode);
        driver.Advance(3_000);
        Assert.Single(group.Joined(second).Members);
    }

    [Fact]
    public void A_parked_sync_of_the_former_self_is_fenced_and_the_group_rebalances()
    {
        ReplyToken first = group.Join(instance: "one");
        ReplyToken second = group.Join(instance: "two");
        driver.Advance(6_000);
        string leader = group.Joined(first).MemberId, follower = group.Joined(second).MemberId;
        ReplyToken sync = group.Sync(follower, 1, instance: "two");
        ReplyToken join = group.Join(instance: "two");
        Assert.Equal(ErrorCode.FencedInstanceId, (ErrorCode)group.Synced(sync).ErrorCode);
        Assert.Equal(ClassicGroupState.PreparingRebalance, driver.Group("g").State);
        group.Join(leader, "one");
        Assert.Equal(2, group.Joined(join).GenerationId);
    }

    [Fact]
    public void A_follower_that_comes_back_takes_its_place_without_a_rebalance()
    {
        var (leader, follower) = Settle();
        JoinGroupResponse response = group.Joined(group.Join(instance: "two"));
        Assert.Equal((ErrorCode.None, 1, leader, false), ((ErrorCode)response.ErrorCode, response.GenerationId, response.Leader, response.SkipAssignment));
        Assert.StartsWith("two-", response.MemberId);
        Assert.NotEqual(follower, response.MemberId);
        Assert.Empty(response.Members);
        Assert.Equal(ClassicGroupState.Stable, driver.Group("g").State);
        Assert.Equal([2], group.Synced(group.Sync(response.MemberId, 1, instance: "two")).Assignment);
    }

    [Fact]
    public void From_version_9_a_leader_that_comes_back_leads_and_skips_the_assignment()
    {
        Settle();
        JoinGroupResponse response = group.Joined(group.Join(instance: "one", version: 9));
        Assert.Equal((response.MemberId, true, 2), (response.Leader, response.SkipAssignment, response.Members.Count));
    }

    [Fact]
    public void Before_version_9_a_leader_that_comes_back_is_told_that_its_former_self_leads()
    {
        var (leader, _) = Settle();
        JoinGroupResponse response = group.Joined(group.Join(instance: "one", version: 8));
        Assert.Equal((leader, false, 0), (response.Leader, response.SkipAssignment, response.Members.Count));
        Assert.Equal(response.MemberId, driver.Group("g").LeaderId);
    }

    [Fact]
    public void Coming_back_is_answered_when_the_new_id_is_committed()
    {
        Settle();
        driver.CommitsAtOnce = false;
        ReplyToken join = group.Join(instance: "two");
        Assert.False(driver.IsAnswered(join));
        driver.Commit();
        string id = group.Joined(join).MemberId;
        ShardDriver reloaded = driver.Reload();
        Assert.Equal(ErrorCode.None, new GroupClient(reloaded, "g").Heartbeat(id, 1, "two"));
    }

    [Fact]
    public void Coming_back_that_cannot_be_written_leaves_the_former_self_in_place()
    {
        var (_, follower) = Settle();
        driver.NextAppend = ErrorCode.NotEnoughReplicas;
        JoinGroupResponse response = group.Joined(group.Join(instance: "two", metadata: [9, 9]));
        Assert.Equal((ErrorCode.CoordinatorNotAvailable, ""), ((ErrorCode)response.ErrorCode, response.MemberId));
        Assert.Equal(ErrorCode.None, group.Heartbeat(follower, 1, "two"));
        Assert.Equal([2], group.Synced(group.Sync(follower, 1, instance: "two")).Assignment);
        Assert.Equal(GroupClient.Subscription("in"), driver.Group("g").Find(follower)!.Protocols[0].Metadata);
    }

    [Fact]
    public void Coming_back_twice_while_the_first_is_written_fences_the_first()
    {
        Settle();
        driver.CommitsAtOnce = false;
        ReplyToken first = group.Join(instance: "two");
        ReplyToken second = group.Join(instance: "two");
        Assert.Equal(ErrorCode.FencedInstanceId, (ErrorCode)group.Joined(first).ErrorCode);
        driver.Commit();
        Assert.Equal(ErrorCode.None, (ErrorCode)group.Joined(second).ErrorCode);
    }

    [Fact]
    public void Coming_back_while_a_rebalance_begins_is_answered_with_the_next_generation()
    {
        var (leader, _) = Settle();
        driver.CommitsAtOnce = false;
        ReplyToken back = group.Join(instance: "two");
        ReplyToken leads = group.Join(leader, "one");
        driver.Commit();
        Assert.Equal(2, group.Joined(back).GenerationId);
        Assert.Equal(2, group.Joined(leads).GenerationId);
    }

    [Fact]
    public void A_member_that_comes_back_with_another_protocol_rebalances_the_group()
    {
        ReplyToken one = group.Join(instance: "one", protocols: ["range", "sticky"]);
        driver.Advance(3_000);
        string leader = group.Joined(one).MemberId;
        group.Sync(leader, 1, instance: "one");
        ReplyToken back = group.Join(instance: "one", protocols: ["sticky", "range"]);
        Assert.Equal((2, "sticky"), (group.Joined(back).GenerationId, group.Joined(back).ProtocolName));
    }

    [Fact]
    public void A_rebalance_keeps_static_members_that_do_not_join_until_their_session_ends()
    {
        var (leader, follower) = Settle(sessionMs: 60_000);
        ReplyToken join = group.Join(leader, "one", sessionMs: 60_000);
        driver.Advance(30_000);
        Assert.Equal(2, group.Joined(join).Members.Count);
        Assert.Contains(group.Joined(join).Members, member => member.MemberId == follower);
    }

    [Fact]
    public void When_no_static_member_joins_the_rebalance_goes_on_until_one_does()
    {
        var (leader, follower) = Settle(sessionMs: 120_000);
        string passing = group.Joined(group.Join()).MemberId;
        ReplyToken join = group.Join(passing);
        group.Leave((passing, null));
        Assert.Equal(ErrorCode.UnknownMemberId, (ErrorCode)group.Joined(join).ErrorCode);
        driver.Advance(30_000);
        Assert.Equal(ClassicGroupState.PreparingRebalance, driver.Group("g").State);
        ReplyToken back = group.Join(follower, "two");
        driver.Advance(30_000);
        Assert.Equal((2, follower), (group.Joined(back).GenerationId, group.Joined(back).Leader));
        Assert.NotEqual(leader, follower);
    }

    [Fact]
    public void An_administrator_puts_a_static_member_out_by_its_instance_id()
    {
        var (leader, _) = Settle();
        Assert.Equal(0, driver.Answer<LeaveGroupResponse>(group.Leave(("", "two"))).Members[0].ErrorCode);
        Assert.Equal(ErrorCode.RebalanceInProgress, group.Heartbeat(leader, 1, "one"));
        Assert.Equal((short)ErrorCode.UnknownMemberId, driver.Answer<LeaveGroupResponse>(group.Leave(("", "two"))).Members[0].ErrorCode);
    }

    private (string Leader, string Follower) Settle(int sessionMs = 10_000)
    {
        ReplyToken one = group.Join(instance: "one", sessionMs: sessionMs);
        ReplyToken two = group.Join(instance: "two", sessionMs: sessionMs);
        driver.Advance(6_000);
        string leader = group.Joined(one).MemberId, follower = group.Joined(two).MemberId;
        group.Sync(follower, 1, instance: "two");
        group.Sync(leader, 1, [(leader, [1]), (follower, [2])], "one");
        Assert.Equal(ClassicGroupState.Stable, driver.Group("g").State);
        return (leader, follower);
    }
}
