namespace Moldau.Simulation.Nodes;

public sealed class NodeTests
{
    [Fact]
    public void Every_acknowledged_record_outlives_a_power_cut()
    {
        for (ulong seed = 1; seed <= 5; seed++) NodeScenario.Play(seed);
    }

    [Fact]
    public void The_same_seed_gives_a_node_the_same_trace() => Assert.Equal(NodeScenario.Play(7), NodeScenario.Play(7));
}
