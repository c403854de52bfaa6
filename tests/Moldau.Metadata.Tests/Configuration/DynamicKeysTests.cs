using Moldau.Metadata.Configuration;

namespace Moldau.Metadata.Tests.Configuration;

public sealed class DynamicKeysTests
{
    [Theory]
    [InlineData("node.id", "2", true, "Cannot update these configs dynamically: node.id")]
    [InlineData("num.partitions", "2", false, "Cannot update these configs dynamically: num.partitions")]
    [InlineData("log.retention.hours", "2", false, "Cannot update these configs dynamically: log.retention.hours")]
    [InlineData("ssl.keystore.location", "/k", true, "These security configs can be dynamically updated only per-listener using the listener prefix: ssl.keystore.location")]
    [InlineData("sasl.enabled.mechanisms", "PLAIN", false, "Cannot update these configs at default cluster level, broker id must be specified: sasl.enabled.mechanisms")]
    [InlineData("listener.name.external.ssl.keystore.location", "/k", false, "Cannot update these configs at default cluster level, broker id must be specified: listener.name.external.ssl.keystore.location")]
    [InlineData("log.segment.bytes", "9", false, "Invalid value 9 for configuration log.segment.bytes: Value must be at least 1048576")]
    [InlineData("listener.name.external.max.connections", "x", true, "Invalid value x for configuration max.connections: Not a number of type INT")]
    public void What_cannot_be_set_on_a_running_broker_is_said(string name, string value, bool isPerBroker, string reason) =>
        Assert.Equal(reason, DynamicKeys.Objection(name, value, isPerBroker));

    [Theory]
    [InlineData("log.segment.bytes", "1048576", true)]
    [InlineData("log.segment.bytes", "1048576", false)]
    [InlineData("sasl.enabled.mechanisms", "PLAIN", true)]
    [InlineData("listener.name.external.ssl.keystore.location", "/k", true)]
    [InlineData("listener.name.external.scram-sha-256.sasl.jaas.config", "x", true)]
    [InlineData("background.threads", "4", false)]
    [InlineData("leader.replication.throttled.rate", "1000", true)]
    public void The_rest_can(string name, string value, bool isPerBroker) => Assert.Null(DynamicKeys.Objection(name, value, isPerBroker));
}
