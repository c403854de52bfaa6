using Moldau.Broker.Groups;

namespace Moldau.Broker.Tests.Groups;

/// <summary>The partitions were read off the folders of a node of Kafka 4.4 with 50 partitions.</summary>
public sealed class JavaHashTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("simple", 26)]
    [InlineData("j0", 34)]
    [InlineData("consumer-7", 0)]
    [InlineData("zz-test", 1)]
    [InlineData("group-b", 48)]
    public void A_group_is_where_kafka_puts_it(string group, int partition) => Assert.Equal(partition, JavaHash.Partition(group, 50));

    [Fact]
    public void The_one_hash_without_a_positive_counterpart_is_0() => Assert.Equal(0, JavaHash.Partition("polygenelubricants", 50));
}
