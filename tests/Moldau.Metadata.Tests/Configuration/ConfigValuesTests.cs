using Moldau.Metadata.Configuration;

namespace Moldau.Metadata.Tests.Configuration;

public sealed class ConfigValuesTests
{
    [Theory]
    [InlineData("retention.ms", "soon", "Not a number of type LONG")]
    [InlineData("segment.bytes", "100", "Value must be at least 1048576")]
    [InlineData("preallocate", "yes", "Expected value to be either true or false")]
    [InlineData("compression.type", "brotli", "String must be one of: uncompressed, zstd, lz4, snappy, gzip, producer")]
    [InlineData("cleanup.policy", "compact,burn", "'burn' is not one of: compact, delete")]
    [InlineData("cleanup.policy", "compact,compact", "List must not hold an entry twice")]
    [InlineData("min.cleanable.dirty.ratio", "1.5", "Value must be no more than 1")]
    [InlineData("compression.gzip.level", "10", "Value must be between 1 and 9, or -1")]
    [InlineData("leader.replication.throttled.replicas", "1-2", "Value must be '*' or pairs")]
    public void A_bad_value_is_refused_with_what_the_key_takes(string name, string value, string reason)
    {
        ConfigException refusal = Assert.Throws<ConfigException>(() => ConfigValues.Parse(ConfigCatalog.Topic, [new(name, value)]));
        Assert.Equal(name, refusal.Key);
        Assert.StartsWith(reason, refusal.Reason, StringComparison.Ordinal);
        Assert.StartsWith($"Invalid value {value} for configuration {name}: ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_given_value_wins_over_the_default()
    {
        ConfigValues values = ConfigValues.Parse(ConfigCatalog.Topic, [new("retention.ms", " 1000 "), new("no.such.key", "1")]);
        Assert.Equal(1000, values.Get(TopicKeys.RetentionMs));
        Assert.Equal("1000", values.Text(TopicKeys.RetentionMs));
        Assert.Equal(1 << 30, values.Get(TopicKeys.SegmentBytes));
        Assert.False(values.Has(TopicKeys.SegmentBytes));
        Assert.Equal(["delete"], values.Get(TopicKeys.CleanupPolicy)!);
    }

    [Fact]
    public void A_secret_is_not_repeated_in_its_refusal()
    {
        Assert.True(SslKeys.SslKeyPassword.IsSensitive);
        Assert.Null(SslKeys.SslKeyPassword.DefaultText);
    }
}
