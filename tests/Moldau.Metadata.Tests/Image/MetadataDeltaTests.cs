using Moldau.Metadata.Image;
using Moldau.Metadata.Tests.Control;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Tests.Image;

public sealed class MetadataDeltaTests
{
    private static readonly Uuid Id = new(5, 5);

    private static MetadataImage Image(params IMessage[] records) => Delta(MetadataImage.Empty, records).Apply(new MetadataProvenance(10, 1, 0));

    private static MetadataDelta Delta(MetadataImage image, params IMessage[] records)
    {
        var delta = new MetadataDelta(image);
        foreach (IMessage record in records) delta.Replay(record);
        return delta;
    }

    private static PartitionRecord Partition(int number, params int[] replicas) =>
        new() { TopicId = Id, PartitionId = number, Replicas = [.. replicas], Isr = [.. replicas], Leader = replicas[0], LeaderEpoch = 0, PartitionEpoch = 0 };

    [Fact]
    public void Refuses_records_that_do_not_fit()
    {
        void Refused(params IMessage[] records) => Assert.Throws<MetadataReplayException>(() => Delta(MetadataImage.Empty, records));
        Refused(new TopicRecord { Name = "t", TopicId = Id }, new TopicRecord { Name = "t", TopicId = new Uuid(6, 6) });
        Refused(Partition(0, 1));
        Refused(new TopicRecord { Name = "t", TopicId = Id }, new PartitionChangeRecord { TopicId = Id, PartitionId = 0 });
        Refused(new RemoveTopicRecord { TopicId = Id });
        Refused(new ClearElrRecord { TopicName = "t" });
        Refused(new UnregisterBrokerRecord { BrokerId = 1, BrokerEpoch = 1 });
        Refused(new RegisterBrokerRecord { BrokerId = 1, BrokerEpoch = 5 }, new BrokerRegistrationChangeRecord { BrokerId = 1, BrokerEpoch = 4 });
        Refused(new RegisterBrokerRecord { BrokerId = 1, BrokerEpoch = 5 }, new BrokerRegistrationChangeRecord { BrokerId = 1, BrokerEpoch = 5, Fenced = 2 });
        Refused(new UnregisterControllerRecord { ControllerId = 1 });
        Refused(new ProducerIdsRecord { NextProducerId = 5 }, new ProducerIdsRecord { NextProducerId = 5 });
        Refused(new RemoveAccessControlEntryRecord { Id = Id });
        Refused(new RemoveUserScramCredentialRecord { Name = "u", Mechanism = 1 });
        Refused(new EndTransactionRecord());
        Refused(new AbortTransactionRecord());
        Refused(new BeginTransactionRecord(), new BeginTransactionRecord());
    }

    [Fact]
    public void Refuses_levels_and_records_of_the_future_by_type()
    {
        Assert.Equal(34, Assert.Throws<UnsupportedFeatureLevelException>(() => Delta(MetadataImage.Empty, new FeatureLevelRecord { Name = "metadata.version", FeatureLevel = 34 })).Level);
        Assert.Equal("FetchRequest", Assert.Throws<UnknownMetadataRecordException>(() => Delta(MetadataImage.Empty, new FetchRequest())).RecordName);
    }

    [Fact]
    public void A_broker_keeps_features_it_does_not_know() =>
        Assert.Equal(7, Image(new FeatureLevelRecord { Name = "future.version", FeatureLevel = 7 }).Features.Level("future.version"));

    [Fact]
    public void Names_topics_and_partitions_that_changed()
    {
        MetadataImage before = Image(new TopicRecord { Name = "t", TopicId = Id }, Partition(0, 1, 2), Partition(1, 2, 1));
        MetadataDelta delta = Delta(before, new PartitionChangeRecord { TopicId = Id, PartitionId = 1, Isr = [2] }, Partition(2, 3), new ConfigRecord { ResourceType = 2, ResourceName = "t", Name = "a", Value = "1" });
        TopicsDelta topics = delta.Topics();
        Assert.Empty(topics.Created);
        Assert.Empty(topics.Deleted);
        Assert.Equal([(1, false), (2, true)], topics.Partitions.Select(p => (p.Partition, p.Before is null)));
        Assert.Equal([ConfigResource.Topic("t")], delta.ChangedConfigs());
    }

    [Fact]
    public void Tells_a_broker_what_it_leads_follows_and_loses()
    {
        MetadataImage before = Image(new TopicRecord { Name = "t", TopicId = Id }, Partition(0, 1, 2), Partition(1, 1, 2), Partition(2, 1), Partition(3, 2));
        MetadataDelta delta = Delta(
            before,
            new PartitionChangeRecord { TopicId = Id, PartitionId = 0, Leader = 2 },
            new PartitionChangeRecord { TopicId = Id, PartitionId = 1, Isr = [1] },
            new PartitionChangeRecord { TopicId = Id, PartitionId = 2, Replicas = [2], Isr = [2], Leader = 2 },
            new PartitionChangeRecord { TopicId = Id, PartitionId = 3, Replicas = [2, 3] });
        LocalReplicaChanges one = delta.Topics().LocalChanges(1);
        Assert.Equal([1], one.Leaders.Select(p => p.Partition));
        Assert.Equal([0], one.Followers.Select(p => p.Partition));
        Assert.Equal([2], one.Deletes.Select(p => p.Partition));
        Assert.Equal([3], delta.Topics().LocalChanges(3).Followers.Select(p => p.Partition));
    }

    [Fact]
    public void A_topic_deleted_and_made_anew_is_both()
    {
        MetadataImage before = Image(new TopicRecord { Name = "t", TopicId = Id }, Partition(0, 1));
        TopicsDelta topics = Delta(before, new RemoveTopicRecord { TopicId = Id }, new TopicRecord { Name = "t", TopicId = new Uuid(6, 6) }).Topics();
        Assert.Equal([Id], topics.Deleted.Select(t => t.Id));
        Assert.Equal([new Uuid(6, 6)], topics.Created.Select(t => t.Id));
        Assert.Null(Assert.Single(topics.Partitions).After);
    }

    [Fact]
    public void A_topic_that_came_and_went_is_not_mentioned()
    {
        TopicsDelta topics = Delta(MetadataImage.Empty, new TopicRecord { Name = "t", TopicId = Id }, Partition(0, 1), new RemoveTopicRecord { TopicId = Id }).Topics();
        Assert.Empty(topics.Created);
        Assert.Empty(topics.Partitions);
    }

    [Fact]
    public void Removing_a_topic_removes_its_configs()
    {
        MetadataImage before = Image(new TopicRecord { Name = "t", TopicId = Id }, new ConfigRecord { ResourceType = 2, ResourceName = "t", Name = "a", Value = "1" });
        MetadataDelta delta = Delta(before, new RemoveTopicRecord { TopicId = Id });
        Assert.Equal([ConfigResource.Topic("t")], delta.ChangedConfigs());
        Assert.Empty(delta.Apply(default).Configs.Resources);
    }

    [Fact]
    public void An_aborted_transaction_leaves_no_trace()
    {
        MetadataDelta delta = Delta(MetadataImage.Empty, new TopicRecord { Name = "kept", TopicId = new Uuid(6, 6) }, new BeginTransactionRecord(), new TopicRecord { Name = "t", TopicId = Id });
        Assert.True(delta.InTransaction);
        Assert.Throws<InvariantViolationException>(() => delta.Apply(default));
        delta.Replay(new AbortTransactionRecord());
        Assert.Equal("kept", Assert.Single(delta.Topics().Created).Name);
        Assert.Null(delta.Apply(default).Topics.Find("t"));
    }

    [Fact]
    public void A_snapshot_takes_away_what_it_does_not_name()
    {
        MetadataImage before = Image(
            new FeatureLevelRecord { Name = "metadata.version", FeatureLevel = 33 },
            new TopicRecord { Name = "t", TopicId = Id }, Partition(0, 1),
            new TopicRecord { Name = "same", TopicId = new Uuid(6, 6) },
            new ConfigRecord { ResourceType = 4, ResourceName = "", Name = "a", Value = "1" });
        MetadataDelta delta = MetadataDelta.ForSnapshot(before);
        delta.Replay(new FeatureLevelRecord { Name = "metadata.version", FeatureLevel = 33 });
        delta.Replay(new TopicRecord { Name = "same", TopicId = new Uuid(6, 6) });
        delta.FinishSnapshot();
        Assert.Equal("t", Assert.Single(delta.Topics().Deleted).Name);
        Assert.Empty(delta.Topics().Created);
        Assert.Equal([ConfigResource.ClusterDefault], delta.ChangedConfigs());
        Assert.False(delta.FeaturesChanged);
        Assert.Equal(["same"], delta.Apply(default).Topics.Ids.Keys);
    }

    [Fact]
    public void An_image_is_not_disturbed_by_what_follows()
    {
        TestCluster cluster = new TestCluster().With(1, 2);
        cluster.Create("t", 3, 2);
        MetadataImage held = cluster.Published;
        var before = TestCluster.Lines(held);
        cluster.Create("u", 3, 2);
        cluster.Heartbeat(1, wantFence: true);
        Assert.Equal(before, TestCluster.Lines(held));
        Assert.NotEqual(before, TestCluster.Lines(cluster.Published));
    }

    [Fact]
    public void Names_brokers_and_the_rest_that_changed()
    {
        MetadataImage before = Image(new RegisterBrokerRecord { BrokerId = 1, BrokerEpoch = 5 }, new RegisterBrokerRecord { BrokerId = 2, BrokerEpoch = 6 });
        MetadataDelta delta = Delta(before, new BrokerRegistrationChangeRecord { BrokerId = 2, BrokerEpoch = 6, Fenced = -1 }, new RegisterBrokerRecord { BrokerId = 3, BrokerEpoch = 9 });
        Assert.Equal([2, 3], delta.ChangedBrokers());
        Assert.False(delta.AclsChanged || delta.ScramChanged || delta.ClientQuotasChanged || delta.DelegationTokensChanged || delta.FeaturesChanged);
    }
}
