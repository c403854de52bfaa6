using Moldau.Metadata.Control;
using Moldau.Protocol;

namespace Moldau.Metadata.Tests.Control;

public sealed class ConfigTests
{
    private const sbyte Topic = 2, Broker = 4, ClientMetrics = 16, Group = 32;
    private const sbyte Set = 0, Delete = 1, Append = 2, Subtract = 3;

    private readonly TestCluster cluster = new TestCluster().With(1);

    public ConfigTests()
    {
        cluster.Create("t");
        cluster.Log.Clear();
    }

    private (ErrorCode Error, string? Message) Alter(sbyte type, string resource, params (string Name, sbyte Operation, string? Value)[] changes)
    {
        (ErrorCode code, string? message) = Assert.Single(cluster.Run(cluster.Controller.AlterConfigs([Changes(type, resource, changes)], false)));
        return (code, message);
    }

    private static ResourceChanges Changes(sbyte type, string resource, params (string Name, sbyte Operation, string? Value)[] changes) =>
        new(new ConfigResource((ConfigResourceType)type, resource), [.. changes.Select(c => new ConfigChange(c.Name, (ConfigOperation)c.Operation, c.Value))]);

    [Fact]
    public void Refuses_what_cannot_be_set()
    {
        Assert.Equal((ErrorCode.UnsupportedVersion, "Unknown resource type 3."), Alter(3, "x", ("a", Set, "1")));
        Assert.Equal((ErrorCode.UnknownTopicOrPartition, "The topic 'x' does not exist."), Alter(Topic, "x", ("retention.ms", Set, "1")));
        Assert.Equal((ErrorCode.InvalidConfig, "Unknown topic config name: nonsense"), Alter(Topic, "t", ("nonsense", Set, "1")));
        Assert.Equal((ErrorCode.InvalidRequest, "Null value not supported for : retention.ms"), Alter(Topic, "t", ("retention.ms", Set, null)));
        Assert.Equal((ErrorCode.InvalidRequest, "Unknown operation 9 for key retention.ms."), Alter(Topic, "t", ("retention.ms", 9, "1")));
        Assert.Equal((ErrorCode.InvalidConfig, "Can't APPEND to key retention.ms because its type is not LIST."), Alter(Topic, "t", ("retention.ms", Append, "1")));
        Assert.Equal((ErrorCode.BrokerIdNotRegistered, "No node with id 9 found."), Alter(Broker, "9", ("log.retention.ms", Set, "1")));
        Assert.Equal((ErrorCode.InvalidRequest, "Invalid broker name one"), Alter(Broker, "one", ("log.retention.ms", Set, "1")));
        Assert.Equal(
            (ErrorCode.InvalidConfig, "The configuration value cannot be added because it exceeds the maximum value size of 32767 bytes."),
            Alter(Broker, "", ("x", Set, new string('v', 32_768))));
        Assert.Empty(cluster.Log);
    }

    [Fact]
    public void A_resource_changes_as_a_whole_or_not_at_all()
    {
        Assert.Equal(ErrorCode.InvalidConfig, Alter(Topic, "t", ("cleanup.policy", Set, "compact"), ("retention.ms", Set, "soon")).Error);
        Assert.Empty(cluster.Log);
    }

    [Fact]
    public void One_bad_resource_does_not_stop_another()
    {
        ControllerResult<IReadOnlyList<ApiError>> result = cluster.Controller.AlterConfigs([Changes(Topic, "x", ("retention.ms", Set, "1")), Changes(Topic, "t", ("retention.ms", Set, "1"))], false);
        Assert.Equal([ErrorCode.UnknownTopicOrPartition, ErrorCode.None], cluster.Run(result).Select(error => error.Code));
        Assert.Single(cluster.Log);
    }

    [Fact]
    public void A_resource_given_twice_is_a_bug_of_the_caller() =>
        Assert.Throws<InvariantViolationException>(() => cluster.Controller.AlterConfigs([Changes(Topic, "t"), Changes(Topic, "t")], false));

    [Fact]
    public void Sets_and_deletes()
    {
        Alter(Topic, "t", ("retention.ms", Set, "5"));
        Alter(Topic, "t", ("retention.ms", Set, "5"));
        Alter(Topic, "t", ("retention.ms", Delete, null));
        Alter(Topic, "t", ("retention.ms", Delete, null));
        Assert.Equal(
            [
                """Config v0 {"resourceType":2,"resourceName":"t","name":"retention.ms","value":"5"}""",
                """Config v0 {"resourceType":2,"resourceName":"t","name":"retention.ms","value":null}""",
            ],
            cluster.Lines());
        Assert.Empty(cluster.Published.Configs.Of(ConfigResource.Topic("t")));
    }

    [Fact]
    public void Setting_a_broker_to_the_same_value_is_recorded_again()
    {
        Alter(Broker, "1", ("log.retention.ms", Set, "5"));
        Alter(Broker, "1", ("log.retention.ms", Set, "5"));
        Assert.Equal(2, cluster.Log.Count);
    }

    [Fact]
    public void Appends_to_the_default_and_subtracts_from_it()
    {
        string? Policy() => cluster.Published.Configs.Of(ConfigResource.Topic("t")).GetValueOrDefault("cleanup.policy");
        Alter(Topic, "t", ("cleanup.policy", Append, "compact"));
        Assert.Equal("delete,compact", Policy());
        Alter(Topic, "t", ("cleanup.policy", Append, "compact"));
        Assert.Equal("delete,compact", Policy());
        Alter(Topic, "t", ("cleanup.policy", Subtract, "delete"));
        Assert.Equal("compact", Policy());
    }

    [Fact]
    public void Groups_client_metrics_the_cluster_and_controllers_have_configs_too()
    {
        Assert.Equal(ErrorCode.None, Alter(Group, "g", ("share.auto.offset.reset", Set, "earliest")).Error);
        Assert.Equal(ErrorCode.None, Alter(ClientMetrics, "m", ("interval.ms", Set, "60000")).Error);
        Assert.Equal(ErrorCode.None, Alter(Broker, "", ("log.cleaner.threads", Set, "2")).Error);
        Assert.Equal(ErrorCode.None, Alter(Broker, "100", ("log.cleaner.threads", Set, "2")).Error);
        Assert.Equal("2", cluster.Published.Configs.Of(ConfigResource.ClusterDefault)["log.cleaner.threads"]);
    }

    [Fact]
    public void With_elr_min_isr_is_the_clusters_and_always_set()
    {
        Assert.Equal((ErrorCode.InvalidConfig, "Broker-level min.insync.replicas cannot be altered while ELR is enabled."), Alter(Broker, "1", ("min.insync.replicas", Set, "2")));
        Assert.Equal((ErrorCode.InvalidConfig, "Cluster-level min.insync.replicas cannot be removed while ELR is enabled."), Alter(Broker, "", ("min.insync.replicas", Delete, null)));
        Alter(Broker, "", ("min.insync.replicas", Set, "2"));
        Assert.Equal("""ClearElr v0 {"topicName":""}""", cluster.Lines()[^1]);
    }

    [Fact]
    public void Cordoning_needs_its_level()
    {
        var older = new TestCluster(29).With(1);
        Assert.Equal(ErrorCode.InvalidConfig, older.Run(older.Controller.AlterConfigs([Changes(Broker, "1", ("cordoned.log.dirs", Set, "/a"))], false))[0].Code);
    }

    [Fact]
    public void Only_validates_when_asked_to()
    {
        Assert.Equal(ErrorCode.None, cluster.Run(cluster.Controller.AlterConfigs([Changes(Topic, "t", ("retention.ms", Set, "1"))], true))[0].Code);
        Assert.Empty(cluster.Log);
    }

    [Fact]
    public void AlterConfigs_replaces_everything()
    {
        Alter(Topic, "t", ("retention.ms", Set, "5"), ("cleanup.policy", Set, "compact"));
        cluster.Log.Clear();
        ControllerResult<IReadOnlyList<ApiError>> result = cluster.Controller.ReplaceConfigs([Changes(Topic, "t", ("cleanup.policy", Set, "delete")), Changes(Topic, "x")], false);
        Assert.Equal([ErrorCode.None, ErrorCode.UnknownTopicOrPartition], cluster.Run(result).Select(error => error.Code));
        Assert.Equal([KeyValuePair.Create("cleanup.policy", "delete")], cluster.Published.Configs.Of(ConfigResource.Topic("t")));
    }
}
