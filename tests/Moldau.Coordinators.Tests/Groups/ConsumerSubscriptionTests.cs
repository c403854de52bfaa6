using Moldau.Coordinators.Groups.Classic;

namespace Moldau.Coordinators.Tests.Groups;

public sealed class ConsumerSubscriptionTests
{
    [Theory]
    [InlineData("")]
    [InlineData("0000")]
    [InlineData("ffff00000000")]
    [InlineData("0000ffffffff")]
    [InlineData("00007fffffff")]
    [InlineData("0000000000010005616263")]
    [InlineData("000000000001ffff")]
    [InlineData("00000000000200016100")]
    public void What_cannot_be_read_is_not_read(string hex) =>
        Assert.False(ConsumerSubscription.TryReadTopics(Convert.FromHexString(hex), []));

    [Theory]
    [InlineData("000000000000", "")]
    [InlineData("0000000000010001 61", "a")]
    [InlineData("00030000000200016100026262 deadbeef", "a,bb")]
    public void The_topics_are_read_and_what_follows_is_left(string hex, string topics)
    {
        var read = new HashSet<string>();
        Assert.True(ConsumerSubscription.TryReadTopics(Convert.FromHexString(hex.Replace(" ", "")), read));
        Assert.Equal(topics.Split(',', StringSplitOptions.RemoveEmptyEntries), read.Order());
    }
}
