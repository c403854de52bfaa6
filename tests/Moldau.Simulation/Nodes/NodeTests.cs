namespace Moldau.Simulation.Nodes;

public sealed class NodeTests
{
    [Fact]
    public void A_node_keeps_its_promises()
    {
        for (ulong seed = 1; seed <= 20; seed++) NodeScenario.Play(seed);
    }

    [Fact]
    public void The_same_seed_gives_a_node_the_same_trace()
    {
        for (ulong seed = 1; seed <= 5; seed++) Assert.Equal(NodeScenario.Play(seed), NodeScenario.Play(seed));
    }
}
