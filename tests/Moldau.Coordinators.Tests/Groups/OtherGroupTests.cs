using Moldau.Coordinators.Groups;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Coordinators.Tests.Groups;

public sealed class OtherGroupTests
{
    private readonly ShardDriver driver = new();
    private readonly GroupClient group;

    public OtherGroupTests() => group = new GroupClient(driver, "g");

    [Fact]
    public void A_consumer_group_with_members_refuses_everything_classic()
    {
        ConsumerGroup(members: 1);
        Assert.Equal(ErrorCode.InconsistentGroupProtocol, (ErrorCode)group.Joined(group.Join()).ErrorCode);
        Assert.Equal(ErrorCode.UnknownMemberId, (ErrorCode)group.Synced(group.Sync("m0", 1)).ErrorCode);
        Assert.Equal(ErrorCode.UnknownMemberId, group.Heartbeat("m0", 1));
        Assert.Equal((short)ErrorCode.UnknownMemberId, driver.Answer<LeaveGroupResponse>(group.Leave(("m0", null))).Members[0].ErrorCode);
        Assert.Equal(ErrorCode.NonEmptyGroup, group.Delete());
        Assert.Equal(ErrorCode.NonEmptyGroup, (ErrorCode)group.DeleteOffset().ErrorCode);
        DescribeGroupsResponse.DescribedGroup described = group.Describe();
        Assert.Equal(((short)ErrorCode.GroupIdNotFound, "Group g is not a classic group."), (described.ErrorCode, described.ErrorMessage));
        Assert.Equal("Dead", group.Describe(5).GroupState);
    }

    [Fact]
    public void Its_members_commit_and_fetch_under_their_epoch_only()
    {
        ConsumerGroup(members: 1);
        Assert.Equal(ErrorCode.UnknownMemberId, group.CommitError(group.Commit(1)));
        Assert.Equal(ErrorCode.StaleMemberEpoch, group.CommitError(group.Commit(1, "m0", 2)));
        Assert.Equal(ErrorCode.None, group.CommitError(group.Commit(1, "m0", 3)));
        Assert.Equal(ErrorCode.UnknownMemberId, (ErrorCode)group.FetchAll(memberId: "x", epoch: 3).ErrorCode);
        Assert.Equal(ErrorCode.StaleMemberEpoch, (ErrorCode)group.FetchAll(memberId: "m0", epoch: 2).ErrorCode);
        Assert.Single(group.FetchAll(memberId: "m0", epoch: 3).Topics);
        Assert.Single(group.FetchAll().Topics);
    }

    [Fact]
    public void Groups_of_all_types_are_listed_with_their_state()
    {
        ConsumerGroup(members: 1);
        Append(new ShareGroupMetadataKey { GroupId = "s" }, new ShareGroupMetadataValue { Epoch = 1 });
        ReplyToken token = driver.Ask((shard, now, token) => shard.ListGroups(now, [], [], token));
        Assert.Equal(
            ["g:consumer:Stable", "s:share:Empty"],
            driver.Answer<ShardListing>(token).Groups.Select(each => $"{each.GroupId}:{each.GroupType}:{each.GroupState}"));
    }

    [Fact]
    public void A_consumer_groups_state_follows_its_epochs()
    {
        ConsumerGroup(members: 2);
        Assert.Equal("Stable", driver.Shard.State.Others.Find("g")!.State);
        Append(new ConsumerGroupCurrentMemberAssignmentKey { GroupId = "g", MemberId = "m1" }, new ConsumerGroupCurrentMemberAssignmentValue { MemberEpoch = 2, State = 1 });
        Assert.Equal("Reconciling", driver.Shard.State.Others.Find("g")!.State);
        Append(new ConsumerGroupMetadataKey { GroupId = "g" }, new ConsumerGroupMetadataValue { Epoch = 4 });
        Assert.Equal("Assigning", driver.Shard.State.Others.Find("g")!.State);
    }

    [Fact]
    public void An_empty_consumer_group_gives_way_to_a_classic_one_and_its_offsets_stay()
    {
        ConsumerGroup(members: 0);
        Assert.Equal(ErrorCode.None, group.CommitError(group.Commit(5)));
        Assert.Equal(ErrorCode.MemberIdRequired, (ErrorCode)group.Joined(group.Join()).ErrorCode);
        Assert.Equal("Empty", group.Describe().GroupState);
        Assert.Equal(5, group.Fetch().CommittedOffset);
        Assert.Null(driver.Shard.State.Others.Find("g"));
        Assert.Equal(driver.Durable(), driver.Reload().Durable());
    }

    [Fact]
    public void An_empty_consumer_group_is_deleted_record_by_record()
    {
        ConsumerGroup(members: 0);
        Assert.Equal(ErrorCode.None, group.Delete());
        Assert.Equal("", driver.Durable());
        Assert.Equal("", driver.Reload().Durable());
    }

    [Fact]
    public void A_share_group_is_not_deleted_behind_the_back_of_its_state()
    {
        Append(new ShareGroupMetadataKey { GroupId = "g" }, new ShareGroupMetadataValue { Epoch = 1 });
        Assert.Equal(ErrorCode.GroupDeletionFailed, group.Delete());
    }

    [Fact]
    public void Time_does_not_touch_such_groups_nor_their_offsets()
    {
        ConsumerGroup(members: 1);
        group.Commit(1, "m0", 3);
        string before = driver.Durable();
        driver.Advance(30L * 24 * 3600 * 1000);
        Assert.Equal(before, driver.Durable());
    }

    private void ConsumerGroup(int members)
    {
        for (int i = 0; i < members; i++)
        {
            Append(new ConsumerGroupMemberMetadataKey { GroupId = "g", MemberId = $"m{i}" }, new ConsumerGroupMemberMetadataValue());
        }

        Append(new ConsumerGroupMetadataKey { GroupId = "g" }, new ConsumerGroupMetadataValue { Epoch = 3 });
        Append(new ConsumerGroupTargetAssignmentMetadataKey { GroupId = "g" }, new ConsumerGroupTargetAssignmentMetadataValue { AssignmentEpoch = 3 });
        for (int i = 0; i < members; i++)
        {
            Append(
                new ConsumerGroupCurrentMemberAssignmentKey { GroupId = "g", MemberId = $"m{i}" },
                new ConsumerGroupCurrentMemberAssignmentValue { MemberEpoch = 3, PreviousMemberEpoch = 2 });
        }
    }

    private void Append(IMessage key, IMessage value) => driver.AppendTransactional(new CoordinatorRecord(key, value, 0), ProducerId.None);
}
