using Moldau.Metadata.Configuration;
using Moldau.Metadata.Configuration.Rules;
using Moldau.Metadata.Control;
using Moldau.Protocol;

namespace Moldau.Metadata.Tests.Configuration;

public sealed class CatalogConfigRulesTests
{
    private static readonly Dictionary<string, string> Nothing = [];

    private readonly CatalogConfigRules rules = new(new Dictionary<string, string> { ["log.retention.hours"] = "1", ["listeners"] = "PLAINTEXT://:9092" });

    [Theory]
    [InlineData("t", "no.such.key", "1", ErrorCode.InvalidConfig, "Unknown topic config name: no.such.key")]
    [InlineData("t", "log.retention.ms", "1", ErrorCode.InvalidConfig, "Unknown topic config name: log.retention.ms")]
    [InlineData("t", "retention.ms", "-2", ErrorCode.InvalidConfig, "Invalid value -2 for configuration retention.ms: Value must be at least -1")]
    [InlineData("t", "remote.storage.enable", "true", ErrorCode.InvalidConfig, "Tiered storage is not there on this broker: remote.storage.enable cannot be set")]
    [InlineData("", "retention.ms", "1", ErrorCode.InvalidRequest, "Default topic resources are not allowed.")]
    [InlineData("a b", "retention.ms", "1", ErrorCode.InvalidTopicException, "Topic name is invalid: 'a b' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'")]
    public void Refuses_on_a_topic(string topic, string name, string value, ErrorCode code, string message) =>
        Assert.Equal(new ApiError(code, message), Validate(ConfigResourceType.Topic, topic, (name, value)));

    [Fact]
    public void A_topics_compaction_lags_must_fit()
    {
        ApiError error = Validate(ConfigResourceType.Topic, "t", ("min.compaction.lag.ms", "10"), ("max.compaction.lag.ms", "9"));
        Assert.Equal(new ApiError(ErrorCode.InvalidConfig, "min.compaction.lag.ms (10) must not be more than max.compaction.lag.ms (9)"), error);
        Assert.Equal(ApiError.None, Validate(ConfigResourceType.Topic, "t", ("min.compaction.lag.ms", "10"), ("max.compaction.lag.ms", "10")));
    }

    [Theory]
    [InlineData("one", "log.segment.bytes", "1048576", "Unable to parse broker name as a base 10 number.")]
    [InlineData("-1", "log.segment.bytes", "1048576", "Invalid negative broker ID.")]
    [InlineData("1", "node.id", "7", "Cannot update these configs dynamically: node.id")]
    [InlineData("", "log.segment.bytes", "1", "Invalid value 1 for configuration log.segment.bytes: Value must be at least 1048576")]
    [InlineData("", "log.retention.ms", "0", "Invalid value 0 for configuration log.retention.ms: it must be at least 1, or -1 for no limit")]
    [InlineData("1", "log.flush.interval.ms", "-3", "Invalid value -3 for configuration log.flush.interval.ms: Value must be at least 0, as the default of a topic's flush.ms")]
    [InlineData("", "max.connections.per.ip.overrides", "home:x", "Invalid value home:x for configuration max.connections.per.ip.overrides: it takes IP addresses with counts, as address:count,address:count")]
    [InlineData("", "max.connections.per.ip", "0", "Invalid value 0 for configuration max.connections.per.ip: it can be 0 only where max.connections.per.ip.overrides lets somebody in")]
    [InlineData("1", "listeners", "PLAINTEXT://:9093", "listeners cannot be changed while the node runs: change it in the node's configuration and restart it")]
    public void Refuses_on_a_broker(string broker, string name, string value, string message) =>
        Assert.Equal(new ApiError(ErrorCode.InvalidRequest, message), Validate(ConfigResourceType.Broker, broker, (name, value)));

    [Fact]
    public void What_was_accepted_on_a_broker_before_stands_in_nobodys_way()
    {
        var current = new Dictionary<string, string> { ["num.partitions"] = "3" };
        var proposed = new Dictionary<string, string>(current) { ["log.segment.bytes"] = "1048576" };
        Assert.Equal(ApiError.None, rules.Validate(ConfigResource.ClusterDefault, proposed, current));
        Assert.True(rules.Validate(ConfigResource.ClusterDefault, proposed, Nothing).IsFailure);
    }

    [Theory]
    [InlineData("", "consumer.session.timeout.ms", "50000", ErrorCode.InvalidRequest, "Default group resources are not allowed.")]
    [InlineData("g", "session.timeout.ms", "50000", ErrorCode.InvalidConfig, "Unknown group config name: session.timeout.ms")]
    [InlineData("g", "consumer.session.timeout.ms", "1000", ErrorCode.InvalidConfig, "consumer.session.timeout.ms must be greater than or equal to group.consumer.min.session.timeout.ms, which is 45000")]
    [InlineData("g", "share.delivery.count.limit", "99", ErrorCode.InvalidConfig, "share.delivery.count.limit must be less than or equal to group.share.max.delivery.count.limit, which is 10")]
    [InlineData("g", "streams.num.standby.replicas", "3", ErrorCode.InvalidConfig, "streams.num.standby.replicas must be less than or equal to group.streams.max.standby.replicas, which is 2")]
    public void Refuses_on_a_group(string group, string name, string value, ErrorCode code, string message) =>
        Assert.Equal(new ApiError(code, message), Validate(ConfigResourceType.Group, group, (name, value)));

    [Theory]
    [InlineData("", "interval.ms", "1000", ErrorCode.InvalidRequest, "Subscription name can't be empty")]
    [InlineData("m", "interval", "1000", ErrorCode.InvalidRequest, "Unknown client metrics configuration: interval")]
    [InlineData("m", "interval.ms", "99", ErrorCode.InvalidRequest, "Invalid value 99 for interval.ms, interval must be between 100 and 3600000 (1 hour)")]
    [InlineData("m", "match", "client_id=[", ErrorCode.InvalidConfig, "Illegal client matching pattern: client_id=[")]
    [InlineData("m", "match", "shoe_size=1", ErrorCode.InvalidConfig, "Illegal client matching pattern: shoe_size=1")]
    public void Refuses_on_client_metrics(string subscription, string name, string value, ErrorCode code, string message) =>
        Assert.Equal(new ApiError(code, message), Validate(ConfigResourceType.ClientMetrics, subscription, (name, value)));

    [Fact]
    public void Refuses_a_kind_of_resource_that_keeps_nothing() =>
        Assert.Equal(ErrorCode.InvalidRequest, Validate(ConfigResourceType.BrokerLogger, "1", ("root", "INFO")).Code);

    [Fact]
    public void Accepts_what_is_right()
    {
        Assert.Equal(ApiError.None, Validate(ConfigResourceType.Topic, "t", ("cleanup.policy", "compact,delete"), ("retention.ms", "-1")));
        Assert.Equal(ApiError.None, Validate(ConfigResourceType.Broker, "1", ("log.retention.ms", "1"), ("listeners", "PLAINTEXT://:9092"), ("custom", "x")));
        Assert.Equal(ApiError.None, Validate(ConfigResourceType.Group, "g", ("consumer.session.timeout.ms", "50000")));
        Assert.Equal(ApiError.None, Validate(ConfigResourceType.ClientMetrics, "m", ("interval.ms", "100"), ("match", "client_id=a.*,client_source_port=90[0-9]+"), ("metrics", "*")));
    }

    [Fact]
    public void Knows_lists_and_defaults()
    {
        Assert.True(rules.IsList(ConfigResourceType.Topic, "cleanup.policy"));
        Assert.False(rules.IsList(ConfigResourceType.Topic, "retention.ms"));
        Assert.False(rules.IsList(ConfigResourceType.ClientMetrics, "metrics"));
        Assert.False(rules.IsList(ConfigResourceType.Topic, "no.such.key"));
        Assert.Equal("delete", rules.Default(ConfigResourceType.Topic, "cleanup.policy"));
        Assert.Equal("3600000", rules.StaticTopicConfig("retention.ms"));
        Assert.Equal("1", rules.StaticTopicConfig("min.insync.replicas"));
    }

    [Fact]
    public void A_new_topics_configuration_says_where_each_value_comes_from()
    {
        IReadOnlyList<EffectiveConfig> all = rules.EffectiveTopicConfigs(
            new Dictionary<string, string> { ["cleanup.policy"] = "compact" },
            new Dictionary<string, string> { ["log.segment.bytes"] = "2000000" },
            new Dictionary<string, string> { ["min.insync.replicas"] = "2", ["log.segment.bytes"] = "3000000" });
        Assert.Equal(("compact", (sbyte)1), Find("cleanup.policy"));
        Assert.Equal(("2000000", (sbyte)2), Find("segment.bytes"));
        Assert.Equal(("2", (sbyte)3), Find("min.insync.replicas"));
        Assert.Equal(("3600000", (sbyte)4), Find("retention.ms"));
        Assert.Equal(("producer", (sbyte)5), Find("compression.type"));
        Assert.Equal(all.Select(config => config.Name).Order(StringComparer.Ordinal), all.Select(config => config.Name));
        Assert.DoesNotContain(all, config => config.Name == "internal.segment.bytes");

        (string?, sbyte) Find(string name) => all.Where(config => config.Name == name).Select(config => (config.Value, config.Source)).Single();
    }

    private ApiError Validate(ConfigResourceType type, string resource, params (string Name, string Value)[] pairs) =>
        rules.Validate(new ConfigResource(type, resource), pairs.ToDictionary(pair => pair.Name, pair => pair.Value), Nothing);
}
