using Moldau.Metadata.Control;
using Moldau.Metadata.Features;
using Moldau.Metadata.Image;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Tests.Control;

public sealed class ActivationTests
{
    private static Controller New() => new(new ControllerOptions
    {
        ClusterId = "cluster",
        NodeId = 1,
        QuorumNodeIds = [1],
        ConfigRules = new StubConfigRules(),
        Random = new CountingRandom(1),
    });

    private static string[] Lines<T>(ControllerResult<T> result) => [.. result.Records.Select(TestCluster.Line)];

    [Fact]
    public void Refuses_an_empty_log_without_a_metadata_version_to_begin_with()
    {
        Assert.Throws<MetadataReplayException>(() => New().Activate(0, 3, []));
        Assert.Throws<MetadataReplayException>(() => New().Activate(0, 3, BootstrapMetadata.Records(new MetadataVersion(34))));
    }

    [Fact]
    public void Refuses_an_open_transaction_at_a_level_without_transactions()
    {
        Controller controller = New();
        controller.ReplayBatch([.. BootstrapMetadata.Records(new MetadataVersion(12))], 0);
        controller.Replay(new MetadataRecord(new BeginTransactionRecord { Name = "x" }, 0), 9);
        Assert.Throws<MetadataReplayException>(() => controller.Activate(0, 10, []));
    }

    [Fact]
    public void An_empty_log_gets_features_and_the_cluster_min_isr_in_a_transaction()
    {
        Assert.Equal(
            [
                """BeginTransaction v0 {"name":"Bootstrap records"}""",
                """FeatureLevel v0 {"name":"metadata.version","featureLevel":33}""",
                """FeatureLevel v0 {"name":"eligible.leader.replicas.version","featureLevel":1}""",
                """FeatureLevel v0 {"name":"group.version","featureLevel":1}""",
                """FeatureLevel v0 {"name":"share.version","featureLevel":2}""",
                """FeatureLevel v0 {"name":"streams.version","featureLevel":1}""",
                """FeatureLevel v0 {"name":"transaction.version","featureLevel":2}""",
                """Config v0 {"resourceType":4,"resourceName":"","name":"min.insync.replicas","value":"1"}""",
                "EndTransaction v0 {}",
            ],
            Lines(New().Activate(0, 3, BootstrapMetadata.Records(MetadataVersion.Latest))));
    }

    [Fact]
    public void Below_3_6_the_bootstrap_is_one_atomic_batch_without_a_transaction()
    {
        ControllerResult<string> result = New().Activate(0, 3, BootstrapMetadata.Records(new MetadataVersion(7)));
        Assert.Equal(["""FeatureLevel v0 {"name":"metadata.version","featureLevel":7}"""], Lines(result));
        Assert.True(result.IsAtomic);
    }

    [Fact]
    public void A_log_with_content_gets_nothing()
    {
        Controller controller = New();
        controller.ReplayBatch([.. BootstrapMetadata.Records(MetadataVersion.Latest)], 3);
        Assert.Empty(controller.Activate(0, 20, []).Records);
    }

    [Fact]
    public void A_transaction_left_open_is_aborted_and_leaves_nothing()
    {
        Controller controller = New();
        controller.ReplayBatch([.. BootstrapMetadata.Records(MetadataVersion.Latest)], 0);
        controller.Replay(new MetadataRecord(new BeginTransactionRecord { Name = "x" }, 0), 10);
        controller.Replay(new MetadataRecord(new TopicRecord { Name = "t", TopicId = CountingRandom.Id(1) }, 0), 11);
        controller.Commit(11);

        ControllerResult<string> result = controller.Activate(0, 13, []);
        Assert.Equal(["""AbortTransaction v0 {"reason":"Controller failover"}"""], Lines(result));
        controller.ReplayBatch(result.Records, 13);
        Assert.False(controller.InTransaction);
        Assert.Null(controller.Image.Topics.Find("t"));
    }

    [Fact]
    public void A_bootstrap_left_halfway_is_aborted_and_written_again()
    {
        Controller controller = New();
        controller.Replay(new MetadataRecord(new BeginTransactionRecord { Name = "Bootstrap records" }, 0), 3);
        string[] lines = Lines(controller.Activate(0, 5, BootstrapMetadata.Records(MetadataVersion.Latest)));
        Assert.StartsWith("AbortTransaction", lines[0], StringComparison.Ordinal);
        Assert.StartsWith("BeginTransaction", lines[1], StringComparison.Ordinal);
        Assert.StartsWith("EndTransaction", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Losing_leadership_takes_back_what_was_not_committed()
    {
        TestCluster cluster = new TestCluster().With(1);
        cluster.Create("kept");
        cluster.Append(cluster.Controller.RegisterBroker(cluster.Context(4), cluster.Registration(2)));
        var request = new CreateTopicsRequest();
        request.Topics.Add(new CreateTopicsRequest.CreatableTopic { Name = "lost", NumPartitions = 3, ReplicationFactor = 1 });
        cluster.Append(cluster.Controller.CreateTopics(request, _ => true));
        Assert.NotNull(cluster.Image.Topics.Find("lost"));

        cluster.Controller.Deactivate();
        Assert.Equal(cluster.Controller.CommittedOffset, cluster.Controller.LastOffset);
        Assert.Null(cluster.Image.Topics.Find("lost"));
        Assert.Null(cluster.Image.Cluster.Broker(2));
        Assert.Single(cluster.Controller.State.Index.Led(1));
        Assert.Equal(long.MaxValue, cluster.Controller.NextDeadlineMs);
    }

    [Fact]
    public void A_snapshot_replaces_everything()
    {
        TestCluster cluster = new TestCluster().With(1, 2);
        cluster.Create("t", 3, 2);
        Controller standby = New();
        standby.ReplayBatch([.. BootstrapMetadata.Records(new MetadataVersion(20))], 0);
        standby.LoadSnapshot(ImageWriter.Write(cluster.Image), 50);
        Assert.Equal(50, standby.LastOffset);
        Assert.Equal(TestCluster.Lines(cluster.Image), TestCluster.Lines(standby.Image));
        Assert.Equal(3, standby.State.Index.InIsr(1).Count);
    }
}
