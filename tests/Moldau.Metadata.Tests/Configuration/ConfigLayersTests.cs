using Moldau.Metadata.Configuration;

namespace Moldau.Metadata.Tests.Configuration;

public sealed class ConfigLayersTests
{
    private static readonly Dictionary<string, string> Nothing = [];

    [Fact]
    public void What_cannot_be_set_dynamically_counts_as_not_set()
    {
        var layers = new ConfigLayers(Of(("num.partitions", "3")), Of(("num.partitions", "5"), ("log.segment.bytes", "100"), ("listeners", "PLAINTEXT://:1")));
        Assert.Empty(layers.Cluster);
        Assert.Equal(3, layers.Ignored.Count);
        Assert.Equal(3, layers.Node().Get(TopicDefaultKeys.NumPartitions));
        Assert.Equal(1 << 30, layers.Topic(Nothing).Get(TopicKeys.SegmentBytes));
    }

    [Fact]
    public void A_value_of_a_topic_that_its_key_does_not_take_counts_as_not_set()
    {
        var layers = new ConfigLayers(Of(("log.segment.bytes", "2000000")));
        Assert.Equal(2_000_000, layers.Topic(Of(("segment.bytes", "many"))).Get(TopicKeys.SegmentBytes));
        Assert.Equal(2_000_000, layers.Topic(Of(("no.such.key", "1"))).Get(TopicKeys.SegmentBytes));
    }

    [Fact]
    public void The_stronger_place_wins()
    {
        Dictionary<string, string> file = Of(("log.segment.bytes", "1048576")), cluster = Of(("log.segment.bytes", "1048577")), broker = Of(("log.segment.bytes", "1048578"));
        Dictionary<string, string> own = Of(("segment.bytes", "1048579"));
        Assert.Equal(1_048_576, new ConfigLayers(file).Topic(Nothing).Get(TopicKeys.SegmentBytes));
        Assert.Equal(1_048_577, new ConfigLayers(file, cluster).Topic(Nothing).Get(TopicKeys.SegmentBytes));
        Assert.Equal(1_048_578, new ConfigLayers(file, cluster, broker).Topic(Nothing).Get(TopicKeys.SegmentBytes));
        Assert.Equal(1_048_579, new ConfigLayers(file, cluster, broker).Topic(own).Get(TopicKeys.SegmentBytes));
        Assert.Equal(1_048_578, new ConfigLayers(file, cluster, broker).Node().Get(LogKeys.LogSegmentBytes));
    }

    [Theory]
    [InlineData("log.retention.hours", "2", 7_200_000)]
    [InlineData("log.retention.minutes", "2", 120_000)]
    [InlineData("log.retention.ms", "2", 2)]
    [InlineData("log.retention.hours", "-1", -1)]
    [InlineData("log.retention.ms", "-5", -1)]
    public void Retention_is_counted_in_milliseconds_whatever_it_was_given_in(string name, string text, long expected) =>
        Assert.Equal(expected, new ConfigLayers(Of((name, text))).Topic(Nothing).Get(TopicKeys.RetentionMs));

    [Fact]
    public void Among_names_of_one_place_the_finer_unit_wins()
    {
        var layers = new ConfigLayers(Of(("log.roll.hours", "1"), ("log.roll.ms", "5"), ("log.roll.jitter.hours", "1")));
        Assert.Equal(5, layers.Topic(Nothing).Get(TopicKeys.SegmentMs));
        Assert.Equal(3_600_000, layers.Topic(Nothing).Get(TopicKeys.SegmentJitterMs));
    }

    [Fact]
    public void A_dynamic_name_removes_the_other_names_of_the_file()
    {
        var layers = new ConfigLayers(Of(("log.retention.minutes", "7"), ("node.id", "1")), null, Of(("log.retention.ms", "9")));
        Assert.Equal(["log.retention.ms", "node.id"], layers.Merged().Keys.Order());
        Assert.Equal(9, layers.Topic(Nothing).Get(TopicKeys.RetentionMs));
    }

    [Fact]
    public void The_flush_scheduler_gives_topics_a_default_and_is_no_other_name_for_their_interval()
    {
        var layers = new ConfigLayers(Of(("log.flush.scheduler.interval.ms", "50")), Of(("log.flush.interval.ms", "20")));
        Assert.Equal(20, layers.Topic(Nothing).Get(TopicKeys.FlushMs));
        Assert.Equal(50, new ConfigLayers(layers.File).Topic(Nothing).Get(TopicKeys.FlushMs));
        Assert.Equal(20, layers.Node().Get(LogKeys.LogFlushIntervalMs));
    }

    [Fact]
    public void A_group_falls_back_to_the_broker_and_to_the_first_of_its_assignors()
    {
        var layers = new ConfigLayers(Of(("group.share.session.timeout.ms", "46000"), ("group.streams.assignors", "highly_available,sticky")));
        ConfigValues group = layers.Group(Of(("consumer.session.timeout.ms", "50000")));
        Assert.Equal(50_000, group.Get(GroupConfigKeys.ConsumerSessionTimeoutMs));
        Assert.Equal(46_000, group.Get(GroupConfigKeys.ShareSessionTimeoutMs));
        Assert.Equal("highly_available", group.Get(GroupConfigKeys.StreamsAssignorName));
    }

    private static Dictionary<string, string> Of(params (string Name, string Value)[] pairs) => pairs.ToDictionary(pair => pair.Name, pair => pair.Value);
}
