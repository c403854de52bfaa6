using Moldau.Client.Admin;
using Moldau.Client.Tests.Clusters;
using Moldau.Protocol;

namespace Moldau.Client.Tests;

/// <summary>Administration beyond topics and groups, against Moldau and Apache Kafka alike.</summary>
public sealed class AdminTests(Peers peers)
{
    private static readonly Uuid Directory = new(1, 7);

    public static TheoryData<string> Clusters => [.. Peers.Names];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Clusters))]
    public async Task Refuses_to_take_out_what_is_not_there(string cluster)
    {
        await using KafkaClient client = await peers.ClientAsync(cluster);
        Assert.Equal(ErrorCode.BrokerIdNotRegistered, (await Assert.ThrowsAsync<KafkaException>(() => client.Admin.Cluster.UnregisterBrokerAsync(99, Cancellation))).Code);
        Assert.Equal(ErrorCode.ControllerIdNotRegistered, (await Assert.ThrowsAsync<KafkaException>(() => client.Admin.Cluster.UnregisterControllerAsync(99, Cancellation))).Code);
        Assert.Equal(ErrorCode.VoterNotFound, (await Assert.ThrowsAsync<KafkaException>(() => client.Admin.Quorum.RemoveVoterAsync(99, Directory, Cancellation))).Code);
        KafkaException invalid = await Assert.ThrowsAsync<KafkaException>(() => client.Admin.Quorum.AddVoterAsync(99, Directory, [], Cancellation));
        Assert.Equal(ErrorCode.InvalidRequest, invalid.Code);
    }

    [Theory, MemberData(nameof(Clusters))]
    public async Task Refuses_a_feature_level_and_says_why(string cluster)
    {
        await using KafkaClient client = await peers.ClientAsync(cluster);
        KafkaException refused = await Assert.ThrowsAsync<KafkaException>(() => client.Admin.Features.UpdateAsync([new FeatureUpdate("group.version", 0, FeatureMove.Upgrade)], cancellation: Cancellation));
        Assert.Equal(ErrorCode.InvalidUpdateVersion, refused.Code);
        Assert.Contains("Invalid update version 0 for feature group.version", refused.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Clusters))]
    public async Task Checks_a_feature_level_without_moving_it(string cluster)
    {
        await using KafkaClient client = await peers.ClientAsync(cluster);
        await client.Admin.Features.UpdateAsync([new FeatureUpdate("streams.version", 0, FeatureMove.SafeDowngrade)], validateOnly: true, Cancellation);
        Assert.Contains((await client.Admin.Cluster.VersionsAsync(cancellation: Cancellation)).Finalized, static feature => feature is { Name: "streams.version", Highest: 1 });
    }

    [Theory, MemberData(nameof(Clusters))]
    public async Task The_quorum_names_its_leader_and_where_it_listens(string cluster)
    {
        await using KafkaClient client = await peers.ClientAsync(cluster);
        QuorumDescription quorum = await client.Admin.Quorum.DescribeAsync(Cancellation);
        QuorumReplica voter = Assert.Single(quorum.Voters);
        Assert.Equal(quorum.LeaderId, voter.Id);
        Assert.NotEqual(Uuid.Zero, voter.DirectoryId);
        Assert.StartsWith(cluster == "kafka" ? "CONTROLLER://127.0.0.1:" : "PLAINTEXT://127.0.0.1:", $"{Assert.Single(voter.Endpoints)}", StringComparison.Ordinal);
        Assert.True(voter.LogEndOffset >= quorum.HighWatermark && quorum.HighWatermark > 0);
    }

    [Theory, MemberData(nameof(Clusters))]
    public async Task Partitions_are_elected_and_moved_as_one_broker_can(string cluster)
    {
        await using KafkaClient client = await peers.ClientAsync(cluster);
        string topic = Names.New("replicas");
        (await client.Admin.Topics.CreateAsync([new NewTopic(topic, 1, 1)], cancellation: Cancellation))[0].ThrowIfFailed();
        var partition = new TopicPartition(topic, 0);
        TopicPartition none = new(topic, 9);
        IReadOnlyList<PartitionResult> elected = await client.Admin.Replicas.ElectLeadersAsync(ElectionType.Preferred, [partition, none], Cancellation);
        Assert.Equal([(partition, ErrorCode.ElectionNotNeeded), (none, ErrorCode.UnknownTopicOrPartition)], elected.Select(static result => (result.Partition, result.Error)));
        foreach ((int[]? replicas, ErrorCode expected) in ((int[]?, ErrorCode)[])[([99], ErrorCode.InvalidReplicaAssignment), (null, ErrorCode.NoReassignmentInProgress), ([1], ErrorCode.None)])
        {
            var targets = new Dictionary<TopicPartition, IReadOnlyList<int>?> { [partition] = replicas };
            Assert.Equal(expected, Assert.Single(await client.Admin.Replicas.ReassignAsync(targets, mayChangeFactor: false, Cancellation)).Error);
        }

        Assert.Empty(await client.Admin.Replicas.ListReassignmentsAsync(Cancellation));
    }

    [Theory, MemberData(nameof(Clusters))]
    public async Task Groups_subscriptions_and_loggers_are_configured_and_listed(string cluster)
    {
        await using KafkaClient client = await peers.ClientAsync(cluster);
        var group = new ConfigResource(ConfigResourceType.Group, Names.New("group"));
        var metrics = new ConfigResource(ConfigResourceType.ClientMetrics, Names.New("metrics"));
        var logger = new ConfigResource(ConfigResourceType.BrokerLogger, "1");
        await SetAsync(client, group, "consumer.session.timeout.ms", "50000");
        await SetAsync(client, metrics, "interval.ms", "2000");
        await SetAsync(client, logger, "root", "ERROR");
        await SetAsync(client, logger, "root", "INFO");
        ConfigResourceType[] kinds = [ConfigResourceType.Group, ConfigResourceType.ClientMetrics];
        // A broker learns of a change a moment after the controller has answered.
        IReadOnlyList<ConfigResource> listed = await EventuallyAsync(() => client.Admin.Configs.ListAsync(kinds, Cancellation), list => list.Contains(group) && list.Contains(metrics));
        Assert.Contains(group, listed);
        Assert.Contains(metrics, listed);
        Assert.Contains(new ConfigResource(ConfigResourceType.Broker, "1"), await client.Admin.Configs.ListAsync([], Cancellation));
        KafkaException refused = await Assert.ThrowsAsync<KafkaException>(() => SetAsync(client, metrics, "interval.ms", "1"));
        Assert.Equal(ErrorCode.InvalidRequest, refused.Code);
    }

    private static Task SetAsync(KafkaClient client, ConfigResource resource, string key, string value) =>
        client.Admin.Configs.AlterAsync(resource, [new ConfigChange(key, ConfigOperation.Set, value)], cancellation: Cancellation);

    private static async Task<T> EventuallyAsync<T>(Func<Task<T>> ask, Func<T, bool> isAwaited)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(60));
        while (true)
        {
            T answer = await ask();
            if (isAwaited(answer)) return answer;
            await pace.WaitForNextTickAsync(deadline.Token);
        }
    }
}
