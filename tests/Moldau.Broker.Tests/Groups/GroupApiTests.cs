using Moldau.Broker.Tests.Nodes;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Tests.Groups;

/// <summary>The group APIs of a whole node, over the wire, at every version.</summary>
public sealed class GroupApiTests
{
    [Fact]
    public void A_group_lives_and_ends_at_every_version() => NodeWorld.Run(async world =>
    {
        Uuid topicId = await world.CreateTopicAsync("t");
        for (short version = 0; version <= 10; version++)
        {
            GroupApiClient group = await GroupApiClient.ConnectAsync(world, $"g{version}");
            await LiveAsync(group, version, topicId);
        }
    }, ("group.initial.rebalance.delay.ms", "10"));

    [Fact]
    public void Errors_are_told_at_every_version() => NodeWorld.Run(async world =>
    {
        Uuid topicId = await world.CreateTopicAsync("t");
        for (short version = 0; version <= 10; version++)
        {
            GroupApiClient nobody = await GroupApiClient.ConnectAsync(world, $"nobody{version}");
            Assert.Equal(ErrorCode.UnknownMemberId, (ErrorCode)(await nobody.JoinAsync(At(version, 0, 9), "m")).ErrorCode);
            Assert.Equal(ErrorCode.InvalidSessionTimeout, (ErrorCode)(await nobody.JoinAsync(At(version, 0, 9), sessionMs: 1)).ErrorCode);
            Assert.Equal(ErrorCode.UnknownMemberId, (ErrorCode)(await nobody.SyncAsync(At(version, 0, 5), "m", 1, [])).ErrorCode);
            Assert.Equal(ErrorCode.UnknownMemberId, (ErrorCode)(await nobody.HeartbeatAsync(At(version, 0, 4), "m", 1)).ErrorCode);
            LeaveGroupResponse left = await nobody.LeaveAsync(At(version, 0, 5), "m");
            Assert.Equal(ErrorCode.UnknownMemberId, (ErrorCode)(At(version, 0, 5) < 3 ? left.ErrorCode : left.Members[0].ErrorCode));
            Assert.Equal(
                At(version, 2, 10) < 9 ? ErrorCode.IllegalGeneration : ErrorCode.GroupIdNotFound,
                await nobody.CommitErrorAsync(At(version, 2, 10), 1, "m", 3, topicId: IdAt(version, 2, 10, topicId)));
            Assert.Equal((-1L, ErrorCode.None), await nobody.FetchAsync(At(version, 1, 10), topicId: IdAt(version, 1, 10, topicId)));
            DescribeGroupsResponse.DescribedGroup described = await nobody.DescribeAsync(At(version, 0, 6));
            Assert.Equal(("Dead", At(version, 0, 6) < 6 ? (short)0 : (short)ErrorCode.GroupIdNotFound), (described.GroupState, described.ErrorCode));
            Assert.Equal(ErrorCode.GroupIdNotFound, await nobody.DeleteAsync(At(version, 0, 3)));

            GroupApiClient nameless = await GroupApiClient.ConnectAsync(world, "");
            Assert.Equal(ErrorCode.InvalidGroupId, (ErrorCode)(await nameless.JoinAsync(At(version, 0, 9))).ErrorCode);
            Assert.Equal(ErrorCode.InvalidGroupId, (ErrorCode)(await nameless.HeartbeatAsync(At(version, 0, 4), "m", 1)).ErrorCode);
            Assert.Equal(ErrorCode.InvalidGroupId, (ErrorCode)(await nameless.LeaveAsync(At(version, 0, 5), "m")).ErrorCode);
        }
    });

    [Fact]
    public void The_first_question_for_a_coordinator_creates_the_topic_and_is_answered_when_it_is_there() => NodeWorld.Run(async world =>
    {
        var group = new GroupApiClient(await world.ConnectAsync(), "g");
        var other = new GroupApiClient(await world.ConnectAsync(), "other");
        FindCoordinatorResponse[] first = await Task.WhenAll(group.FindCoordinatorAsync(1), other.FindCoordinatorAsync(1));
        Assert.All(first, static answer => Assert.Equal((ErrorCode.None, 1, 9092), ((ErrorCode)answer.ErrorCode, answer.NodeId, answer.Port)));
        for (short version = 0; version <= 6; version++)
        {
            FindCoordinatorResponse found = await group.FindCoordinatorAsync(version);
            var (error, node, host, port) = version < 4
                ? (found.ErrorCode, found.NodeId, found.Host, found.Port)
                : (found.Coordinators[0].ErrorCode, found.Coordinators[0].NodeId, found.Coordinators[0].Host, found.Coordinators[0].Port);
            Assert.Equal((ErrorCode.None, 1, "node", 9092), ((ErrorCode)error, node, host, port));
        }
    });

    [Fact]
    public void While_the_topic_cannot_be_created_no_coordinator_is_available() => NodeWorld.Run(
        async world =>
        {
            var group = new GroupApiClient(await world.ConnectAsync(), "g");
            for (int i = 0; i < 2; i++)
            {
                FindCoordinatorResponse answer = await group.FindCoordinatorAsync(1);
                Assert.Equal((ErrorCode.CoordinatorNotAvailable, -1, -1), ((ErrorCode)answer.ErrorCode, answer.NodeId, answer.Port));
            }
        },
        ("offsets.topic.replication.factor", "3"));

    [Theory]
    [InlineData(4, 1, "tx", ErrorCode.CoordinatorNotAvailable)]
    [InlineData(4, 7, "g", ErrorCode.InvalidRequest)]
    [InlineData(5, 2, "g:auVfQZHSSa2otCiBZKSeeA:1", ErrorCode.InvalidRequest)]
    [InlineData(6, 2, "g:auVfQZHSSa2otCiBZKSeeA:1", ErrorCode.CoordinatorNotAvailable)]
    [InlineData(6, 2, "g:x:auVfQZHSSa2otCiBZKSeeA:1", ErrorCode.CoordinatorNotAvailable)]
    [InlineData(6, 2, "g:1", ErrorCode.InvalidRequest)]
    [InlineData(6, 2, "g:short:1", ErrorCode.InvalidRequest)]
    [InlineData(6, 2, "g:auVfQZHSSa2otCiBZKSeeA:-1", ErrorCode.InvalidRequest)]
    public void Coordinators_of_other_kinds_are_not_here(short version, sbyte keyType, string key, ErrorCode expected) => NodeWorld.Run(async world =>
    {
        var client = new GroupApiClient(await world.ConnectAsync(), "");
        Assert.Equal(expected, (ErrorCode)(await client.FindCoordinatorAsync(version, keyType, key)).Coordinators[0].ErrorCode);
    });

    [Fact]
    public void Offsets_are_kept_only_for_partitions_that_exist() => NodeWorld.Run(async world =>
    {
        Uuid topicId = await world.CreateTopicAsync("t");
        GroupApiClient group = await GroupApiClient.ConnectAsync(world);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, await group.CommitErrorAsync(9, 1, topic: "other"));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, await group.CommitErrorAsync(9, 1, partition: 5));
        Assert.Equal(ErrorCode.UnknownTopicId, await group.CommitErrorAsync(10, 1, topicId: new Uuid(1, 2)));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, await group.CommitErrorAsync(10, 1, topicId: topicId, partition: 5));
        Assert.Equal((-1L, ErrorCode.UnknownTopicId), await group.FetchAsync(10, topicId: new Uuid(1, 2)));
        Assert.Equal(ErrorCode.GroupIdNotFound, (ErrorCode)(await group.DeleteOffsetsAsync("t")).ErrorCode);
        Assert.Equal(ErrorCode.None, await group.CommitErrorAsync(9, 1));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (ErrorCode)(await group.DeleteOffsetsAsync("other")).Topics[0].Partitions[0].ErrorCode);
        Assert.Equal(ErrorCode.None, (ErrorCode)(await group.DeleteOffsetsAsync("t")).Topics[0].Partitions[0].ErrorCode);
        Assert.Equal((-1L, ErrorCode.None), await group.FetchAsync(9));
    });

    [Fact]
    public void One_request_may_have_partitions_that_exist_and_others() => NodeWorld.Run(async world =>
    {
        await world.CreateTopicAsync("t");
        await GroupApiClient.ConnectAsync(world);
        RawClient client = await world.ConnectAsync();
        var request = new OffsetCommitRequest { GroupId = "g" };
        OffsetCommitRequest.OffsetCommitRequestTopic topic = request.Topics.Add();
        topic.Name = "t";
        foreach (int partition in (int[])[3, 0]) topic.Partitions.Add().PartitionIndex = partition;
        OffsetCommitResponse response = await client.AskAsync(request, 8);
        OffsetCommitResponse.OffsetCommitResponseTopic answered = Assert.Single(response.Topics);
        Assert.Equal([(3, (short)3), (0, (short)0)], answered.Partitions.Select(each => (each.PartitionIndex, each.ErrorCode)));
    });

    [Fact]
    public void A_join_that_waits_does_not_hold_up_the_end_of_the_node() => NodeWorld.Run(async world =>
    {
        GroupApiClient group = await GroupApiClient.ConnectAsync(world);
        await group.SendJoinAsync(3);
        await world.Scheduler.Delay(TimeSpan.FromMilliseconds(100));
        DateTimeOffset began = world.Time.GetUtcNow();
        await world.StopNodeAsync();
        Assert.True(world.Time.GetUtcNow() - began < TimeSpan.FromSeconds(3));
    }, ("group.initial.rebalance.delay.ms", "60000"));

    [Fact]
    public void A_deleted_topic_takes_its_offsets_along() => NodeWorld.Run(async world =>
    {
        await world.CreateTopicAsync("t");
        GroupApiClient group = await GroupApiClient.ConnectAsync(world);
        Assert.Equal(ErrorCode.None, await group.CommitErrorAsync(9, 5));
        await DeleteTopicAsync(world, "t");
        while ((await group.FetchAsync(9)).Offset >= 0) await world.Scheduler.Delay(TimeSpan.FromMilliseconds(10));
        Uuid again = await world.CreateTopicAsync("t");
        Assert.Equal((-1L, ErrorCode.None), await group.FetchAsync(10, topicId: again));
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void What_was_acknowledged_outlives_a_power_cut(ulong seed) => NodeWorld.Run(seed, async world =>
    {
        await world.CreateTopicAsync("t");
        GroupApiClient group = await GroupApiClient.ConnectAsync(world);
        JoinGroupResponse joined = await group.JoinAsMemberAsync(9);
        Assert.Equal(ErrorCode.None, (ErrorCode)(await group.SyncAsync(5, joined.MemberId, joined.GenerationId, [7])).ErrorCode);
        for (int i = 0; i < 10; i++) Assert.Equal(ErrorCode.None, await group.CommitErrorAsync(9, i, joined.MemberId, joined.GenerationId));
        world.Machine.PowerCut();
        await world.StartNodeAsync();
        GroupApiClient again = await GroupApiClient.ConnectAsync(world);
        Assert.Equal((9L, ErrorCode.None), await again.FetchAsync(9));
        Assert.Equal(ErrorCode.None, (ErrorCode)(await again.HeartbeatAsync(4, joined.MemberId, joined.GenerationId)).ErrorCode);
        Assert.Equal([7], (await again.SyncAsync(5, joined.MemberId, joined.GenerationId, [])).Assignment);
    });

    private static async Task LiveAsync(GroupApiClient group, short version, Uuid topicId)
    {
        short join = At(version, 0, 9), sync = At(version, 0, 5), beat = At(version, 0, 4), commit = At(version, 2, 10), fetch = At(version, 1, 10);
        JoinGroupResponse joined = await group.JoinAsMemberAsync(join);
        Assert.Equal((ErrorCode.None, 1), ((ErrorCode)joined.ErrorCode, joined.GenerationId));
        Assert.Equal(joined.MemberId, joined.Leader);
        SyncGroupResponse synced = await group.SyncAsync(sync, joined.MemberId, 1, [1, 2]);
        Assert.Equal([1, 2], synced.Assignment);
        Assert.Equal(ErrorCode.None, (ErrorCode)(await group.HeartbeatAsync(beat, joined.MemberId, 1)).ErrorCode);
        Assert.Equal(ErrorCode.None, await group.CommitErrorAsync(commit, 7, joined.MemberId, 1, topicId: IdAt(version, 2, 10, topicId)));
        Assert.Equal((7L, ErrorCode.None), await group.FetchAsync(fetch, topicId: IdAt(version, 1, 10, topicId)));
        if (fetch >= 2) await CheckAllAsync(group, fetch, topicId);
        DescribeGroupsResponse.DescribedGroup described = await group.DescribeAsync(At(version, 0, 6));
        Assert.Equal(("Stable", "consumer", "range"), (described.GroupState, described.ProtocolType, described.ProtocolData));
        Assert.Equal("/10.0.0.1", Assert.Single(described.Members).ClientHost);
        ListGroupsResponse listed = await group.ListAsync(At(version, 0, 5));
        Assert.Contains(listed.Groups, each => each.GroupId == described.GroupId && each.ProtocolType == "consumer");
        Assert.Equal(ErrorCode.NonEmptyGroup, await group.DeleteAsync(At(version, 0, 3)));
        LeaveGroupResponse left = await group.LeaveAsync(At(version, 0, 5), joined.MemberId);
        Assert.Equal(ErrorCode.None, (ErrorCode)left.ErrorCode);
        Assert.Equal(ErrorCode.None, await group.DeleteAsync(At(version, 0, 3)));
        Assert.Equal((-1L, ErrorCode.None), await group.FetchAsync(fetch, topicId: IdAt(version, 1, 10, topicId)));
    }

    private static async Task CheckAllAsync(GroupApiClient group, short version, Uuid topicId)
    {
        OffsetFetchResponse all = await group.FetchAllAsync(version);
        if (version < 8)
        {
            Assert.Equal(("t", 7L, "note"), (all.Topics[0].Name, all.Topics[0].Partitions[0].CommittedOffset, all.Topics[0].Partitions[0].Metadata));
            return;
        }

        OffsetFetchResponse.OffsetFetchResponseTopics topic = Assert.Single(all.Groups[0].Topics);
        if (version < 10) Assert.Equal("t", topic.Name);
        else Assert.Equal(topicId, topic.TopicId);
        Assert.Equal((7L, "note"), (topic.Partitions[0].CommittedOffset, topic.Partitions[0].Metadata));
    }

    private static async Task DeleteTopicAsync(NodeWorld world, string name)
    {
        var request = new DeleteTopicsRequest { TimeoutMs = 10_000 };
        request.TopicNames.Add(name);
        var answer = await world.Node.Services.Controller.SubmitAsync((controller, context) => controller.DeleteTopics(context, request, _ => true, _ => true), 4);
        Assert.Equal(ErrorCode.None, (ErrorCode)answer.Response!.Responses[0].ErrorCode);
    }

    /// <summary>The version of an API that goes with a round.</summary>
    private static short At(short round, short lowest, short highest) => Math.Clamp(round, lowest, highest);

    private static Uuid IdAt(short round, short lowest, short highest, Uuid topicId) => At(round, lowest, highest) >= 10 ? topicId : default;
}
