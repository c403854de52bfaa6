namespace Moldau.Simulation.World;

public sealed class TraceTests
{
    [Fact]
    public void The_same_seed_gives_the_same_trace()
    {
        for (ulong seed = 0; seed < 40; seed++) Assert.Equal(EchoScenario.Play(seed), EchoScenario.Play(seed));
    }

    [Fact]
    public void Other_seeds_give_other_traces() =>
        Assert.Equal(40, Enumerable.Range(0, 40).Select(seed => EchoScenario.Play((ulong)seed)).Distinct().Count());

    [Fact]
    public void A_trace_is_the_same_in_another_process()
    {
        (int exit, string output) = OwnProcess.Run("replay", "42", "echo");
        Assert.Equal(0, exit);
        Assert.Contains($"trace hash {EchoScenario.Play(42):x16}", output, StringComparison.Ordinal);
        Assert.Contains("server loses power", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("replay")]
    [InlineData("replay", "one")]
    [InlineData("replay", "1", "no-such-scenario")]
    public void A_replay_that_makes_no_sense_says_how_it_is_called(params string[] arguments)
    {
        (int exit, string output) = OwnProcess.Run(arguments);
        Assert.Equal(2, exit);
        Assert.Contains("replay SEED", output, StringComparison.Ordinal);
    }
}
