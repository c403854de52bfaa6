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

    [Theory]
    [InlineData("min.cleanable.dirty.ratio", "0", "0.0")]
    [InlineData("min.cleanable.dirty.ratio", "1", "1.0")]
    [InlineData("min.cleanable.dirty.ratio", "0.10", "0.1")]
    [InlineData("min.cleanable.dirty.ratio", "1e-3", "0.001")]
    [InlineData("min.cleanable.dirty.ratio", "0.00012", "1.2E-4")]
    [InlineData("min.cleanable.dirty.ratio", "1e-5", "1.0E-5")]
    [InlineData("min.cleanable.dirty.ratio", "0.30000000000000004", "0.30000000000000004")]
    [InlineData("retention.ms", " 0077 ", "77")]
    [InlineData("segment.bytes", "+2000000", "2000000")]
    [InlineData("preallocate", " TRUE ", "true")]
    public void A_given_value_is_shown_as_Java_prints_it(string name, string given, string shown)
    {
        Assert.True(ConfigCatalog.Topic.TryGet(name, out ConfigKey? key));
        Assert.Equal(shown, ConfigValues.Parse(ConfigCatalog.Topic, [new(name, given)]).Text(key));
    }

    [Fact]
    public void A_secret_is_not_repeated_in_its_refusal()
    {
        Assert.True(SslKeys.SslKeyPassword.IsSensitive);
        Assert.Null(SslKeys.SslKeyPassword.DefaultText);
    }
}
