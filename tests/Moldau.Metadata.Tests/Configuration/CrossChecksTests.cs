using Moldau.Metadata.Configuration;
using Moldau.Metadata.Configuration.Rules;

namespace Moldau.Metadata.Tests.Configuration;

public sealed class CrossChecksTests
{
    [Theory]
    [InlineData("log.retention.minutes=0", "log.retention.minutes")]
    [InlineData("log.cleaner.dedupe.buffer.size=2097152 log.cleaner.threads=2", "log.cleaner.dedupe.buffer.size")]
    [InlineData("replica.fetch.wait.max.ms=40000 replica.lag.time.max.ms=50000", "replica.socket.timeout.ms")]
    [InlineData("replica.fetch.wait.max.ms=900 replica.lag.time.max.ms=800", "replica.lag.time.max.ms")]
    [InlineData("queued.max.request.bytes=1000", "queued.max.request.bytes")]
    [InlineData("max.connections.per.ip=0", "max.connections.per.ip")]
    [InlineData("max.connections.per.ip.overrides=nowhere", "max.connections.per.ip.overrides")]
    [InlineData("connections.max.idle.ms=100", "connection.failed.authentication.delay.ms")]
    [InlineData("group.min.session.timeout.ms=10 group.max.session.timeout.ms=9", "group.max.session.timeout.ms")]
    [InlineData("group.consumer.session.timeout.ms=44999", "group.consumer.session.timeout.ms")]
    [InlineData("group.consumer.heartbeat.interval.ms=45000 group.consumer.max.heartbeat.interval.ms=45000", "group.consumer.session.timeout.ms")]
    [InlineData("log.dirs=/a,/b cordoned.log.dirs=/b,/c", "cordoned.log.dirs")]
    [InlineData("log.flush.interval.ms=-1", "log.flush.interval.ms")]
    [InlineData("log.cleaner.min.compaction.lag.ms=5 log.cleaner.max.compaction.lag.ms=4", "log.cleaner.min.compaction.lag.ms")]
    public void What_does_not_fit_together_is_named(string given, string key)
    {
        ConfigException? objection = CrossChecks.Objection(new ConfigLayers(Of(given)));
        Assert.Equal(key, objection?.Key);
    }

    [Theory]
    [InlineData("")]
    [InlineData("log.retention.hours=-1")]
    [InlineData("max.connections.per.ip=0 max.connections.per.ip.overrides=127.0.0.1:5,[::1]:7")]
    [InlineData("connections.max.idle.ms=-1")]
    [InlineData("queued.max.request.bytes=-1")]
    [InlineData("log.dirs=/a,/b cordoned.log.dirs=/b")]
    [InlineData("cordoned.log.dirs=*")]
    public void What_fits_together_passes(string given) => Assert.Null(CrossChecks.Objection(new ConfigLayers(Of(given))));

    private static Dictionary<string, string> Of(string given) =>
        given.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);
}
