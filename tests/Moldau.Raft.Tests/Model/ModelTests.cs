namespace Moldau.Raft.Tests.Model;

public sealed class ModelTests
{
    /// <summary>One seed alone: set MOLDAU_RAFT_SEED.</summary>
    private static readonly string? OnlySeed = Environment.GetEnvironmentVariable("MOLDAU_RAFT_SEED");

    public static TheoryData<int> Blocks => [.. Enumerable.Range(0, 10)];

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Three_replicas_keep_rafts_promises_under_loss_and_power_cuts(int block)
    {
        const int seedsPerBlock = 30;
        (int commits, int elections) = (0, 0);
        for (int i = 0; i < seedsPerBlock; i++)
        {
            int seed = OnlySeed is null ? block * seedsPerBlock + i : int.Parse(OnlySeed);
            try
            {
                var cluster = new ModelCluster(seed);
                cluster.Run(3000);
                cluster.Settle();
                commits += cluster.CommittedCount;
                elections += cluster.Elections;
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"seed {seed} (repeat with MOLDAU_RAFT_SEED={seed})", failure);
            }
        }

        // A model in which nothing happens proves nothing.
        Assert.True(commits > seedsPerBlock * 50, $"only {commits} commits");
        Assert.True(elections > seedsPerBlock * 2, $"only {elections} elections");
    }
}
