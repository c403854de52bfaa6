using Moldau.Metadata.Image;

namespace Moldau.Metadata.Tests.Control;

public sealed class ReplicaPlacementTests
{
    private static IEnumerable<PartitionRegistration> Place(TestCluster cluster, int partitions, short factor)
    {
        Assert.Null(cluster.Create("t", partitions, factor).ErrorMessage);
        return cluster.Image.Topics.Find("t")!.Partitions.Values;
    }

    [Fact]
    public void Leaders_go_round_the_brokers()
    {
        TestCluster cluster = new TestCluster().With(1, 2, 3, 4);
        int[] leaders = [.. Place(cluster, 40, 2).Select(p => p.Leader)];
        for (int round = 0; round < 40; round += 4) Assert.Equal([1, 2, 3, 4], leaders[round..(round + 4)].Order());
    }

    [Fact]
    public void Replicas_stand_in_different_racks_as_far_as_there_are_any()
    {
        var cluster = new TestCluster();
        foreach ((int id, string rack) in ((int, string)[])[(1, "a"), (2, "a"), (3, "b"), (4, "b"), (5, "c"), (6, "c")])
        {
            cluster.Register(id, rack);
            cluster.Heartbeat(id);
        }

        foreach (PartitionRegistration partition in Place(cluster, 60, 3)) Assert.Equal([0, 1, 2], partition.Replicas.Select(id => (id - 1) / 2).Order());
    }

    [Fact]
    public void A_rack_of_one_broker_may_hold_several_replicas_of_others_only_once()
    {
        var cluster = new TestCluster();
        foreach ((int id, string rack) in ((int, string)[])[(1, "a"), (2, "b"), (3, "b"), (4, "b")])
        {
            cluster.Register(id, rack);
            cluster.Heartbeat(id);
        }

        foreach (PartitionRegistration partition in Place(cluster, 30, 3)) Assert.Equal(3, partition.Replicas.Distinct().Count());
    }

    [Fact]
    public void Brokers_without_a_rack_are_not_in_the_rack_with_the_empty_name()
    {
        var cluster = new TestCluster();
        foreach ((int id, string? rack) in ((int, string?)[])[(1, null), (2, null), (3, ""), (4, "")])
        {
            cluster.Register(id, rack);
            cluster.Heartbeat(id);
        }

        foreach (PartitionRegistration partition in Place(cluster, 20, 2)) Assert.Equal([0, 1], partition.Replicas.Select(id => (id - 1) / 2).Order());
    }

    [Fact]
    public void A_fenced_broker_never_leads()
    {
        TestCluster cluster = new TestCluster().With(1, 2);
        cluster.Register(3);
        foreach (PartitionRegistration partition in Place(cluster, 30, 3))
        {
            Assert.NotEqual(3, partition.Leader);
            Assert.Equal(3, partition.Replicas[^1]);
        }
    }

    [Fact]
    public void The_seed_alone_decides()
    {
        int[][] Run(uint seed) => [.. Place(new TestCluster(seed: seed).With(1, 2, 3, 4, 5), 20, 3).Select(p => p.Replicas.ToArray())];
        Assert.Equal(Run(5), Run(5));
        Assert.NotEqual(Run(5), Run(6));
    }
}
