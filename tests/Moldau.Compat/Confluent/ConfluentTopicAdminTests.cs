using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Moldau.Compat.Confluent;

/// <summary>Topics, partitions and configurations through Confluent.Kafka's admin client.</summary>
public sealed class ConfluentTopicAdminTests(NodeFixture node)
{
    private readonly ConfluentClient _client = new(node);

    [Fact]
    public async Task A_topic_that_exists_is_not_made_again()
    {
        string topic = NodeFixture.Name("confluent-twice");
        await _client.CreateTopicAsync(topic);

        Assert.Equal(ErrorCode.TopicAlreadyExists, await CreationErrorAsync(new TopicSpecification { Name = topic, NumPartitions = 1, ReplicationFactor = 1 }));
    }

    [Fact]
    public async Task A_wrong_topic_is_refused_with_the_error_that_says_why()
    {
        string topic = NodeFixture.Name("confluent-wrong");
        var spec = new TopicSpecification { Name = topic, NumPartitions = 1, ReplicationFactor = 1 };

        Assert.Equal(ErrorCode.InvalidReplicationFactor, await CreationErrorAsync(new TopicSpecification { Name = topic, NumPartitions = 1, ReplicationFactor = 3 }));
        Assert.Equal(ErrorCode.TopicException, await CreationErrorAsync(new TopicSpecification { Name = "no/such:name", NumPartitions = 1, ReplicationFactor = 1 }));
        spec.Configs = new() { ["retention.ms"] = "soon" };
        Assert.Equal(ErrorCode.InvalidConfig, await CreationErrorAsync(spec));
        spec.Configs = new() { ["no.such.key"] = "1" };
        Assert.Equal(ErrorCode.InvalidConfig, await CreationErrorAsync(spec));
    }

    [Fact]
    public async Task A_topic_that_does_not_exist_cannot_be_deleted_or_widened()
    {
        string topic = NodeFixture.Name("confluent-absent");
        using IAdminClient admin = _client.Admin();

        var deleting = await Assert.ThrowsAsync<DeleteTopicsException>(() => admin.DeleteTopicsAsync([topic]));
        var widening = await Assert.ThrowsAsync<CreatePartitionsException>(
            () => admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = topic, IncreaseTo = 2 }]));

        Assert.Equal(ErrorCode.UnknownTopicOrPart, Assert.Single(deleting.Results).Error.Code);
        Assert.Equal(ErrorCode.UnknownTopicOrPart, Assert.Single(widening.Results).Error.Code);
    }

    [Fact]
    public async Task Partitions_cannot_become_fewer()
    {
        string topic = NodeFixture.Name("confluent-fewer");
        await _client.CreateTopicAsync(topic, partitions: 3);
        using IAdminClient admin = _client.Admin();

        var refused = await Assert.ThrowsAsync<CreatePartitionsException>(
            () => admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = topic, IncreaseTo = 2 }]));

        Assert.Equal(ErrorCode.InvalidPartitions, Assert.Single(refused.Results).Error.Code);
    }

    [Fact]
    public async Task A_wrong_configuration_is_refused_and_changes_nothing()
    {
        string topic = NodeFixture.Name("confluent-wrong-config");
        await _client.CreateTopicAsync(topic);
        using IAdminClient admin = _client.Admin();

        var refused = await Assert.ThrowsAsync<IncrementalAlterConfigsException>(() => admin.IncrementalAlterConfigsAsync(Change(topic, ("retention.ms", "soon"))));

        Assert.Equal(ErrorCode.InvalidConfig, Assert.Single(refused.Results).Error.Code);
        Assert.True((await ConfigAsync(admin, topic, "retention.ms")).IsDefault);
    }

    [Fact]
    public async Task A_validated_topic_is_not_made()
    {
        string topic = NodeFixture.Name("confluent-validated");
        using IAdminClient admin = _client.Admin();

        await admin.CreateTopicsAsync(
            [new TopicSpecification { Name = topic, NumPartitions = 2, ReplicationFactor = 1 }], new CreateTopicsOptions { ValidateOnly = true });

        Assert.DoesNotContain(topic, admin.GetMetadata(ConfluentClient.Patience).Topics.Select(found => found.Topic));
    }

    [Fact]
    public async Task A_topic_is_made_described_widened_and_deleted()
    {
        string topic = NodeFixture.Name("confluent-life");
        using IAdminClient admin = _client.Admin();
        await admin.CreateTopicsAsync(
        [
            new TopicSpecification { Name = topic, NumPartitions = 2, ReplicasAssignments = new() { [0] = [1], [1] = [1] }, Configs = new() { ["retention.ms"] = "3600000" } },
        ]);
        await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = topic, IncreaseTo = 5 }]);

        DescribeTopicsResult described = await admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([topic]));
        TopicDescription description = Assert.Single(described.TopicDescriptions);
        Assert.Equal(Enumerable.Range(0, 5), description.Partitions.Select(partition => partition.Partition));
        Assert.All(description.Partitions, partition => Assert.Equal((1, 1, 1), (partition.Leader.Id, partition.Replicas.Count, partition.ISR.Count)));
        Assert.False(description.IsInternal);
        Assert.NotEqual(0, description.TopicId.MostSignificantBits);

        await admin.DeleteTopicsAsync([topic]);

        using CancellationTokenSource deadline = Client.Deadline();
        bool gone = await Client.EventuallyAsync(
            () => Task.FromResult(admin.GetMetadata(ConfluentClient.Patience).Topics.All(found => found.Topic != topic)), isGone => isGone, deadline.Token);
        Assert.True(gone);
    }

    [Fact]
    public async Task A_topic_made_again_is_empty()
    {
        string topic = NodeFixture.Name("confluent-again");
        using IAdminClient admin = _client.Admin();
        await _client.CreateTopicAsync(topic);
        using (IProducer<byte[]?, byte[]?> producer = _client.Producer()) await ConfluentClient.ProduceAsync(producer, topic, ["before"]);
        await admin.DeleteTopicsAsync([topic]);
        await _client.CreateTopicAsync(topic);

        using (IProducer<byte[]?, byte[]?> producer = _client.Producer()) await ConfluentClient.ProduceAsync(producer, topic, ["after"]);

        Assert.Equal(["after"], ConfluentClient.Text(_client.ReadAll(topic)));
    }

    [Fact]
    public async Task Configurations_are_set_appended_to_and_taken_back()
    {
        string topic = NodeFixture.Name("confluent-config");
        await _client.CreateTopicAsync(topic, configs: new() { ["segment.bytes"] = "2000000" });
        using IAdminClient admin = _client.Admin();

        await admin.IncrementalAlterConfigsAsync(Change(topic, ("retention.ms", "7200000"), ("segment.bytes", null)));
        await admin.IncrementalAlterConfigsAsync(new()
        {
            [Topic(topic)] = [new ConfigEntry { Name = "cleanup.policy", Value = "compact", IncrementalOperation = AlterConfigOpType.Append }],
        });

        ConfigEntryResult retention = await ConfigAsync(admin, topic, "retention.ms");
        Assert.Equal(("7200000", ConfigSource.DynamicTopicConfig, false), (retention.Value, retention.Source, retention.IsDefault));
        ConfigEntryResult segment = await ConfigAsync(admin, topic, "segment.bytes");
        Assert.Equal(("1073741824", true), (segment.Value, segment.IsDefault));
        Assert.Equal("delete,compact", (await ConfigAsync(admin, topic, "cleanup.policy")).Value);
    }

    [Fact]
    public async Task A_brokers_configuration_is_described_and_changed_while_it_runs()
    {
        using IAdminClient admin = _client.Admin();
        var broker = new ConfigResource { Type = ResourceType.Broker, Name = "1" };

        await admin.IncrementalAlterConfigsAsync(new()
        {
            [broker] = [new ConfigEntry { Name = "log.cleaner.threads", Value = "2", IncrementalOperation = AlterConfigOpType.Set }],
        });

        async Task<ConfigEntryResult> Threads() => Assert.Single(await admin.DescribeConfigsAsync([broker])).Entries["log.cleaner.threads"];
        using CancellationTokenSource deadline = Client.Deadline();
        ConfigEntryResult threads = await Client.EventuallyAsync(Threads, entry => entry.Value == "2", deadline.Token);
        Assert.Equal(("2", ConfigSource.DynamicBrokerConfig), (threads.Value, threads.Source));
        Assert.True(Assert.Single(await admin.DescribeConfigsAsync([broker])).Entries["node.id"].IsReadOnly);
    }

    [Fact]
    public async Task The_cluster_is_described()
    {
        using IAdminClient admin = _client.Admin();

        DescribeClusterResult cluster = await admin.DescribeClusterAsync();

        Assert.Equal(22, cluster.ClusterId.Length);
        Assert.Equal((1, "127.0.0.1", node.Node.Setup.Port), (Assert.Single(cluster.Nodes).Id, cluster.Nodes[0].Host, cluster.Nodes[0].Port));
        Assert.Equal(1, cluster.Controller.Id);
    }

    [Fact]
    public async Task Offsets_are_listed_from_both_ends_and_by_time()
    {
        string topic = NodeFixture.Name("confluent-list-offsets");
        await _client.CreateTopicAsync(topic);
        using (IProducer<byte[]?, byte[]?> producer = _client.Producer()) await ConfluentClient.ProduceAsync(producer, topic, RealLog.Lines);
        using IAdminClient admin = _client.Admin();

        async Task<long> OffsetOf(OffsetSpec spec) => Assert.Single((await admin.ListOffsetsAsync(
            [new TopicPartitionOffsetSpec { TopicPartition = new TopicPartition(topic, 0), OffsetSpec = spec }])).ResultInfos).TopicPartitionOffsetError.Offset.Value;

        Assert.Equal(0, await OffsetOf(OffsetSpec.Earliest()));
        Assert.Equal(RealLog.Lines.Length, await OffsetOf(OffsetSpec.Latest()));
        Assert.InRange(await OffsetOf(OffsetSpec.MaxTimestamp()), 0, RealLog.Lines.Length - 1);
        Assert.Equal(0, await OffsetOf(OffsetSpec.ForTimestamp(1_600_000_000_000)));
    }

    private static ConfigResource Topic(string topic) => new() { Type = ResourceType.Topic, Name = topic };

    private static Dictionary<ConfigResource, List<ConfigEntry>> Change(string topic, params (string Key, string? Value)[] changes) => new()
    {
        [Topic(topic)] =
        [
            .. changes.Select(change => new ConfigEntry
            {
                Name = change.Key, Value = change.Value ?? "", IncrementalOperation = change.Value == null ? AlterConfigOpType.Delete : AlterConfigOpType.Set,
            }),
        ],
    };

    private static async Task<ConfigEntryResult> ConfigAsync(IAdminClient admin, string topic, string key) =>
        Assert.Single(await admin.DescribeConfigsAsync([Topic(topic)])).Entries[key];

    private async Task<ErrorCode> CreationErrorAsync(TopicSpecification topic)
    {
        using IAdminClient admin = _client.Admin();
        return Assert.Single((await Assert.ThrowsAsync<CreateTopicsException>(() => admin.CreateTopicsAsync([topic]))).Results).Error.Code;
    }
}
