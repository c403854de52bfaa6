using Moldau.Client.Groups;
using Moldau.Protocol;

namespace Moldau.Client.Tests;

public sealed class AssignorTests
{
    [Fact]
    public void Range_gives_the_first_members_one_more()
    {
        IReadOnlyDictionary<string, List<TopicPartition>> shares = new RangeAssignor().Assign(new Dictionary<string, int> { ["t"] = 5, ["u"] = 2 }, [Member("b", "t", "u"), Member("a", "t", "u")]);
        Assert.Equal(Of("t", 0, 1, 2).Concat(Of("u", 0)), shares["a"]);
        Assert.Equal(Of("t", 3, 4).Concat(Of("u", 1)), shares["b"]);
    }

    [Fact]
    public void Range_orders_static_members_by_their_own_name()
    {
        IReadOnlyDictionary<string, List<TopicPartition>> shares = new RangeAssignor().Assign(
            new Dictionary<string, int> { ["t"] = 2 }, [Member("a", "t") with { InstanceId = "z" }, Member("b", "t") with { InstanceId = "y" }]);
        Assert.Equal(Of("t", 0), shares["b"]);
    }

    [Fact]
    public void Round_robin_skips_members_that_are_not_subscribed()
    {
        IReadOnlyDictionary<string, List<TopicPartition>> shares = new RoundRobinAssignor().Assign(
            new Dictionary<string, int> { ["t"] = 1, ["u"] = 2, ["v"] = 3 }, [Member("a", "t"), Member("b", "t", "u"), Member("c", "t", "u", "v")]);
        Assert.Equal(Of("t", 0), shares["a"]);
        Assert.Equal(Of("u", 0), shares["b"]);
        Assert.Equal(Of("u", 1).Concat(Of("v", 0, 1, 2)), shares["c"]);
    }

    [Fact]
    public void A_topic_that_nobody_wants_is_left_out()
    {
        foreach (IPartitionAssignor assignor in new IPartitionAssignor[] { new RangeAssignor(), new RoundRobinAssignor(), new CooperativeStickyAssignor() })
        {
            Assert.Empty(assignor.Assign(new Dictionary<string, int> { ["t"] = 3 }, [Member("a", "u")])["a"]);
        }
    }

    [Fact]
    public void Sticky_takes_from_the_owner_first_and_gives_in_the_next_rebalance()
    {
        var counts = new Dictionary<string, int> { ["t"] = 4 };
        GroupMember owner = Member("a", "t") with { Owned = [.. Of("t", 0, 1, 2, 3)], Generation = 1 };
        IReadOnlyDictionary<string, List<TopicPartition>> first = new CooperativeStickyAssignor().Assign(counts, [owner, Member("b", "t")]);
        Assert.Equal(2, first["a"].Count);
        Assert.Empty(first["b"]);
        IReadOnlyDictionary<string, List<TopicPartition>> second = new CooperativeStickyAssignor().Assign(counts, [owner with { Owned = first["a"], Generation = 2 }, Member("b", "t") with { Generation = 2 }]);
        Assert.Equal(first["a"], second["a"]);
        Assert.Equal(2, second["b"].Count);
    }

    [Fact]
    public void Sticky_believes_the_later_generation_of_two_owners()
    {
        GroupMember stale = Member("a", "t") with { Owned = [.. Of("t", 0)], Generation = 1 }, fresh = Member("b", "t") with { Owned = [.. Of("t", 0)], Generation = 2 };
        IReadOnlyDictionary<string, List<TopicPartition>> shares = new CooperativeStickyAssignor().Assign(new Dictionary<string, int> { ["t"] = 1 }, [stale, fresh]);
        Assert.Equal(Of("t", 0), shares["b"]);
        Assert.Empty(shares["a"]);
    }

    [Fact]
    public void Sticky_ends_even_and_complete_from_any_start()
    {
        var random = new Random(7);
        for (int round = 0; round < 300; round++)
        {
            int members = random.Next(1, 8), partitions = random.Next(0, 30);
            var counts = new Dictionary<string, int> { ["t"] = partitions };
            Dictionary<string, List<TopicPartition>> owned = Enumerable.Range(0, members).ToDictionary(static i => $"m{i}", static _ => new List<TopicPartition>());
            for (int i = 0; i < partitions; i++)
            {
                if (random.Next(3) > 0) owned[$"m{random.Next(members)}"].Add(new TopicPartition("t", i));
            }

            for (int rebalance = 0; rebalance < 2; rebalance++)
            {
                List<GroupMember> now = [.. owned.Select(each => Member(each.Key, "t") with { Owned = each.Value, Generation = rebalance })];
                owned = new Dictionary<string, List<TopicPartition>>(new CooperativeStickyAssignor().Assign(counts, now));
            }

            Assert.Equal(partitions, owned.Values.SelectMany(static share => share).Distinct().Count());
            Assert.InRange(owned.Values.Max(static share => share.Count) - owned.Values.Min(static share => share.Count), 0, 1);
        }
    }

    private static GroupMember Member(string id, params string[] topics) => new(id, null, topics, [], -1);

    private static IEnumerable<TopicPartition> Of(string topic, params int[] partitions) => partitions.Select(partition => new TopicPartition(topic, partition));
}
