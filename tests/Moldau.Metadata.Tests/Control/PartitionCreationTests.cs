using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Tests.Control;

public sealed class PartitionCreationTests
{
    private readonly TestCluster cluster = new TestCluster().With(1, 2);

    public PartitionCreationTests()
    {
        cluster.CreateManually("t", [1, 2], [2, 1]);
        cluster.Log.Clear();
    }

    private (ErrorCode, string?) Add(string topic, int count, bool validateOnly = false, params int[][]? assignments)
    {
        var entry = new CreatePartitionsRequest.CreatePartitionsTopic { Name = topic, Count = count, Assignments = null };
        if (assignments is { Length: > 0 }) entry.Assignments = [.. assignments.Select(a => new CreatePartitionsRequest.CreatePartitionsAssignment { BrokerIds = [.. a] })];
        if (assignments is null) entry.Assignments = [];
        var request = new CreatePartitionsRequest { ValidateOnly = validateOnly, Topics = [entry] };
        CreatePartitionsResponse.CreatePartitionsTopicResult result = Assert.Single(cluster.Run(cluster.Controller.CreatePartitions(request)).Results);
        return ((ErrorCode)result.ErrorCode, result.ErrorMessage);
    }

    [Fact]
    public void Refuses_what_is_no_increase()
    {
        Assert.Equal((ErrorCode.UnknownTopicOrPartition, null), Add("none", 5));
        Assert.Equal((ErrorCode.InvalidPartitions, "Topic already has 2 partition(s)."), Add("t", 2));
        Assert.Equal((ErrorCode.InvalidPartitions, "The topic t currently has 2 partition(s); 1 would not be an increase."), Add("t", 1));
        Assert.Equal((ErrorCode.PolicyViolation, "Excessively large number of additional partitions per request."), Add("t", 10_003));
        Assert.Empty(cluster.Log);
    }

    [Fact]
    public void Refuses_assignments_that_do_not_fit()
    {
        Assert.Equal((ErrorCode.InvalidReplicaAssignment, "Attempted to add 2 additional partition(s), but only 1 assignment(s) were specified."), Add("t", 4, false, [1, 2]));
        Assert.Equal(
            (ErrorCode.InvalidReplicaAssignment, "The manual partition assignment includes a partition with 1 replica(s), but this is not consistent with previous partitions, which have 2 replica(s)."),
            Add("t", 3, false, [1]));
    }

    [Fact]
    public void An_empty_assignment_list_is_not_the_controllers_choice() =>
        Assert.Equal((ErrorCode.InvalidReplicaAssignment, "Attempted to add 1 additional partition(s), but only 0 assignment(s) were specified."), Add("t", 3, false, null));

    [Fact]
    public void Refuses_a_topic_given_twice()
    {
        var request = new CreatePartitionsRequest { Topics = [new() { Name = "t", Count = 3, Assignments = null }, new() { Name = "t", Count = 4, Assignments = null }] };
        Assert.Equal([(short)ErrorCode.InvalidRequest], cluster.Run(cluster.Controller.CreatePartitions(request)).Results.Select(r => r.ErrorCode));
    }

    [Fact]
    public void Adds_partitions_after_the_last_one()
    {
        Assert.Equal((ErrorCode.None, null), Add("t", 4));
        Assert.Equal(4, cluster.Image.Topics.Find("t")!.Partitions.Count);
        Assert.All([2, 3], number => Assert.Equal([1, 2], cluster.Partition("t", number).Replicas.Order()));
    }

    [Fact]
    public void Adds_partitions_where_it_is_told_to()
    {
        Assert.Equal((ErrorCode.None, null), Add("t", 3, false, [2, 1]));
        Assert.Equal([2, 1], cluster.Partition("t", 2).Replicas);
        Assert.Equal(2, cluster.Partition("t", 2).Leader);
    }

    [Fact]
    public void Only_validates_when_asked_to()
    {
        Assert.Equal((ErrorCode.None, null), Add("t", 4, validateOnly: true));
        Assert.Empty(cluster.Log);
    }
}
