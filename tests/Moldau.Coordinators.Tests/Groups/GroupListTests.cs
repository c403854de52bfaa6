using Moldau.Coordinators.Groups;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Coordinators.Tests.Groups;

public sealed class GroupListTests
{
    private readonly ShardDriver driver = new();

    [Fact]
    public void An_unknown_group_is_dead_and_from_version_6_an_error_as_well()
    {
        var group = new GroupClient(driver, "nobody");
        DescribeGroupsResponse.DescribedGroup before = group.Describe(5), since = group.Describe(6);
        Assert.Equal(("Dead", (short)0), (before.GroupState, before.ErrorCode));
        Assert.Equal(("Dead", (short)ErrorCode.GroupIdNotFound, "Group nobody not found."), (since.GroupState, since.ErrorCode, since.ErrorMessage));
    }

    [Fact]
    public void A_stable_group_is_described_with_what_its_members_said()
    {
        var group = new GroupClient(driver, "g");
        string[] ids = group.Settle(2);
        DescribeGroupsResponse.DescribedGroup described = group.Describe();
        Assert.Equal(("Stable", "consumer", "range"), (described.GroupState, described.ProtocolType, described.ProtocolData));
        Assert.Equal(ids, described.Members.Select(member => member.MemberId));
        Assert.Equal(("client", "/127.0.0.1"), (described.Members[0].ClientId, described.Members[0].ClientHost));
        Assert.Equal(GroupClient.Subscription("in"), described.Members[0].MemberMetadata);
        Assert.Equal([1], described.Members[1].MemberAssignment);
    }

    [Fact]
    public void A_rebalancing_group_is_described_without_subscriptions()
    {
        var group = new GroupClient(driver, "g");
        string[] ids = group.Settle(2);
        group.Join(ids[0]);
        DescribeGroupsResponse.DescribedGroup described = group.Describe();
        Assert.Equal(("PreparingRebalance", ""), (described.GroupState, described.ProtocolData));
        Assert.All(described.Members, member => Assert.Empty(member.MemberMetadata));
    }

    [Fact]
    public void Groups_are_listed_by_state_and_type_in_any_case()
    {
        new GroupClient(driver, "b").Settle();
        new GroupClient(driver, "a").Commit(1);
        Assert.Equal(["a:Empty:classic:", "b:Stable:classic:consumer"], List([], []));
        Assert.Equal(["b:Stable:classic:consumer"], List([" sTABLE "], []));
        Assert.Equal(["a:Empty:classic:"], List(["Empty", "Dead"], ["CLASSIC"]));
        Assert.Empty(List(["nonsense"], []));
        Assert.Empty(List([], ["consumer"]));
    }

    [Fact]
    public void A_group_that_is_not_there_or_has_members_is_not_deleted()
    {
        var group = new GroupClient(driver, "g");
        Assert.Equal(ErrorCode.GroupIdNotFound, group.Delete());
        string[] ids = group.Settle(2);
        Assert.Equal(ErrorCode.NonEmptyGroup, group.Delete());
        group.Join(ids[0]);
        Assert.Equal(ErrorCode.NonEmptyGroup, group.Delete());
    }

    [Fact]
    public void A_deleted_group_leaves_nothing()
    {
        var group = new GroupClient(driver, "g");
        string[] ids = group.Settle();
        group.Commit(5, ids[0], 1);
        group.Leave((ids[0], null));
        Assert.Equal(ErrorCode.None, group.Delete());
        Assert.Equal("", driver.Durable());
        Assert.Equal(-1, group.Fetch().CommittedOffset);
        Assert.Empty(List([], []));
        Assert.Equal(ErrorCode.GroupIdNotFound, group.Delete());
    }

    [Fact]
    public void Deleting_that_cannot_be_written_leaves_the_group()
    {
        var group = new GroupClient(driver, "g");
        group.Commit(5);
        driver.NextAppend = ErrorCode.NotEnoughReplicas;
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, group.Delete());
        Assert.Equal(5, group.Fetch().CommittedOffset);
    }

    [Fact]
    public void The_empty_group_id_holds_offsets_like_any_other()
    {
        var group = new GroupClient(driver, "");
        Assert.Equal(ErrorCode.GroupIdNotFound, group.Delete());
        group.Commit(5);
        Assert.Equal(5, group.Fetch().CommittedOffset);
        Assert.Equal(ErrorCode.None, group.Delete());
    }

    private IEnumerable<string> List(string[] states, string[] types)
    {
        ReplyToken token = driver.Ask((shard, now, token) => shard.ListGroups(now, states, types, token));
        return driver.Answer<ShardListing>(token).Groups.Select(group => $"{group.GroupId}:{group.GroupState}:{group.GroupType}:{group.ProtocolType}");
    }
}
