using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Tests.Admin;

/// <summary>ElectLeaders and reassignments as one node answers them.</summary>
public sealed class ReplicaApiTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Elections_that_cannot_or_need_not_be_are_told(short version) => AdminScenario.Play(async admin =>
    {
        await admin.CreateAsync("t", 2);
        Assert.Equal(ErrorCode.InvalidRequest, (ErrorCode)(await admin.Node.AskAsync(new ElectLeadersRequest { ElectionType = 2, TopicPartitions = null }, version)).ErrorCode);
        var request = new ElectLeadersRequest { TopicPartitions = [new() { Topic = "t", Partitions = [0, 7] }, new() { Topic = "none", Partitions = [0] }] };
        ElectLeadersResponse response = await admin.Node.AskAsync(request, version);
        Assert.Equal(0, response.ErrorCode);
        Assert.Equal(
            [("t", 0, ErrorCode.ElectionNotNeeded), ("t", 7, ErrorCode.UnknownTopicOrPartition), ("none", 0, ErrorCode.UnknownTopicOrPartition)],
            from topic in response.ReplicaElectionResults from partition in topic.PartitionResult select (topic.Topic, partition.PartitionId, (ErrorCode)partition.ErrorCode));
    });

    [Fact]
    public void Without_time_nothing_is_elected_and_every_partition_says_so() => AdminScenario.Play(async admin =>
    {
        await admin.CreateAsync("t");
        foreach (short version in (short[])[0, 2])
        {
            ElectLeadersResponse response = await admin.Node.AskAsync(new ElectLeadersRequest { TimeoutMs = 0, TopicPartitions = [new() { Topic = "t", Partitions = [0] }] }, version);
            Assert.Equal(version == 0 ? ErrorCode.None : ErrorCode.RequestTimedOut, (ErrorCode)response.ErrorCode);
            Assert.Equal(ErrorCode.RequestTimedOut, (ErrorCode)Assert.Single(Assert.Single(response.ReplicaElectionResults).PartitionResult).ErrorCode);
        }
    });

    [Fact]
    public void Asked_for_all_only_what_changed_is_named() => AdminScenario.Play(async admin =>
    {
        await admin.CreateAsync("t");
        ElectLeadersResponse response = await admin.Node.AskAsync(new ElectLeadersRequest { TopicPartitions = null }, 0);
        Assert.All(response.ReplicaElectionResults, topic => Assert.Empty(topic.PartitionResult));
    });

    [Theory]
    [InlineData(new[] { 9 }, ErrorCode.InvalidReplicaAssignment)]
    [InlineData(new[] { 1, 1 }, ErrorCode.InvalidReplicaAssignment)]
    [InlineData(new int[0], ErrorCode.InvalidReplicaAssignment)]
    [InlineData(new[] { -1 }, ErrorCode.InvalidReplicaAssignment)]
    [InlineData(null, ErrorCode.NoReassignmentInProgress)]
    [InlineData(new[] { 1 }, ErrorCode.None)]
    public void Replicas_are_checked(int[]? replicas, ErrorCode expected) => AdminScenario.Play(async admin =>
    {
        await admin.CreateAsync("t");
        foreach (short version in (short[])[0, 1])
        {
            AlterPartitionReassignmentsResponse response = await admin.Node.AskAsync(Move("t", 0, replicas), version);
            Assert.Equal((0, true), (response.ErrorCode, response.AllowReplicationFactorChange));
            Assert.Equal(expected, (ErrorCode)Assert.Single(Assert.Single(response.Responses).Partitions).ErrorCode);
        }

        Assert.Empty((await admin.Node.AskAsync(new ListPartitionReassignmentsRequest(), 0)).Topics);
    });

    [Fact]
    public void An_unknown_partition_is_told_and_the_other_is_moved() => AdminScenario.Play(async admin =>
    {
        await admin.CreateAsync("t");
        AlterPartitionReassignmentsRequest request = Move("t", 0, [1]);
        request.Topics.Add(new() { Name = "none", Partitions = [new() { PartitionIndex = 0, Replicas = [1] }] });
        AlterPartitionReassignmentsResponse response = await admin.Node.AskAsync(request, 1);
        Assert.Equal([0, (short)ErrorCode.UnknownTopicOrPartition], response.Responses.Select(topic => topic.Partitions[0].ErrorCode));
        AlterPartitionReassignmentsRequest late = Move("t", 0, [1]);
        late.TimeoutMs = 0;
        response = await admin.Node.AskAsync(late, 1);
        Assert.Equal((ErrorCode.RequestTimedOut, ErrorCode.RequestTimedOut), ((ErrorCode)response.ErrorCode, (ErrorCode)response.Responses[0].Partitions[0].ErrorCode));
    });

    [Fact]
    public void The_replication_factor_changes_only_where_it_may() => AdminScenario.PlayApart(async (controller, broker) =>
    {
        await broker.CreateAsync("t");
        // Another broker, registered and never heard of again: it can be added, and never catches up.
        int other = await Registrations.RegisterAsync(controller.Node, broker.World.Node.ClusterId, 2);
        Assert.Equal(2, other);
        AlterPartitionReassignmentsRequest request = Move("t", 0, [1, 2]);
        request.AllowReplicationFactorChange = false;
        AlterPartitionReassignmentsResponse refused = await broker.Node.AskAsync(request, 1);
        Assert.Equal((false, ErrorCode.InvalidReplicationFactor), (refused.AllowReplicationFactorChange, (ErrorCode)refused.Responses[0].Partitions[0].ErrorCode));

        Assert.Equal(0, (await broker.Node.AskAsync(Move("t", 0, [1, 2]), 1)).Responses[0].Partitions[0].ErrorCode);
        foreach (var asked in (MessageArray<ListPartitionReassignmentsRequest.ListPartitionReassignmentsTopics>?[])[null, [new() { Name = "t", PartitionIndexes = [0, 5] }]])
        {
            ListPartitionReassignmentsResponse listed = await broker.Node.AskAsync(new ListPartitionReassignmentsRequest { Topics = asked }, 0);
            var moving = Assert.Single(Assert.Single(listed.Topics).Partitions);
            Assert.Equal([1, 2], moving.Replicas);
            Assert.Equal([2], moving.AddingReplicas);
            Assert.Empty(moving.RemovingReplicas);
        }

        Assert.Equal(0, (await broker.Node.AskAsync(Move("t", 0, null), 1)).Responses[0].Partitions[0].ErrorCode);
        Assert.Empty((await broker.Node.AskAsync(new ListPartitionReassignmentsRequest(), 0)).Topics);
    });

    private static AlterPartitionReassignmentsRequest Move(string topic, int partition, int[]? replicas) =>
        new() { Topics = [new() { Name = topic, Partitions = [new() { PartitionIndex = partition, Replicas = replicas is null ? null : [.. replicas] }] }] };
}
