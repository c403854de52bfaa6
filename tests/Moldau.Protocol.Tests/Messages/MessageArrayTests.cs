using Moldau.Protocol.Messages;

namespace Moldau.Protocol.Tests.Messages;

public sealed class MessageArrayTests
{
    [Fact]
    public void A_position_beyond_the_count_is_refused_though_an_element_waits_there_for_recycling()
    {
        MessageArray<FetchRequest.FetchTopic> topics = [new() { Topic = "a" }];
        topics.Clear();
        Assert.Throws<ArgumentOutOfRangeException>(() => topics[0]);
        Assert.Throws<ArgumentOutOfRangeException>(() => topics[0] = new());
        Assert.Throws<ArgumentOutOfRangeException>(() => topics[-1]);
    }

    [Fact]
    public void An_added_element_is_the_recycled_one_with_every_field_at_its_default()
    {
        var topics = new MessageArray<FetchRequest.FetchTopic>();
        FetchRequest.FetchTopic first = topics.Add();
        first.Topic = "a";
        first.Partitions.Add().FetchOffset = 7;
        topics.Clear();
        FetchRequest.FetchTopic second = topics.Add();
        Assert.Same(first, second);
        Assert.Equal("", second.Topic);
        Assert.Empty(second.Partitions);
        Assert.Equal(0, second.Partitions.Add().FetchOffset);
    }

    [Fact]
    public void What_a_huge_message_needed_is_not_kept()
    {
        var partitions = new MessageArray<FetchRequest.FetchPartition>();
        FetchRequest.FetchPartition first = partitions.Add();
        while (partitions.Count <= Limits.RecycledElements) partitions.Add();
        partitions.Clear();
        Assert.NotSame(first, partitions.Add());
    }

    [Fact]
    public void It_is_filled_by_expression_initializer_range_and_span()
    {
        MessageArray<int> array = [1, 2, .. Enumerable.Range(3, 2)];
        array.AddRange(new List<int> { 5, 6 });
        array.AddRange([7, 8]);
        Assert.Equal(Enumerable.Range(1, 8), array);
        Assert.Equal(Enumerable.Range(1, 8), new MessageArray<int> { 1, 2, 3, 4, 5, 6, 7, 8 });
        Assert.Equal(36, array.AsSpan().ToArray().Sum());
        int sum = 0;
        foreach (int item in array) sum += item;
        Assert.Equal(36, sum);
    }
}
