using Moldau.Fuzz.Inputs;
using Moldau.Fuzz.Targets;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Compression;

namespace Moldau.Fuzz;

/// <summary>A little of every target in every run, always the same; longer by hand: <c>dotnet run --project tests/Moldau.Fuzz -- --minutes 10</c>.</summary>
public sealed class FuzzTests
{
    private const ulong FirstSeed = 1;
    private const int BombBytes = 64 * 1024 * 1024;

    [Fact]
    public void Damaged_messages_are_read_or_refused_at_every_version() => Execute(FuzzTargets.Messages());

    [Fact]
    public void Damaged_batches_and_compressed_bytes_are_read_or_refused() => Execute(FuzzTargets.Bytes());

    [Fact]
    public void A_log_directory_with_damaged_files_keeps_what_stands_before_the_damage() => Execute(FuzzTargets.Worlds().OfType<StoreTarget>());

    [Fact]
    public void A_node_with_damaged_files_starts_or_says_why_not() => Execute(FuzzTargets.Worlds().OfType<NodeTarget>());

    [Fact]
    public void A_client_of_a_broker_that_sends_nonsense_ends_its_calls() => Execute(FuzzTargets.Worlds().OfType<ClientTarget>());

    [Fact]
    public void Every_sound_input_is_taken()
    {
        foreach (ByteTarget target in FuzzTargets.All().OfType<ByteTarget>())
            Assert.All(target.Good, input => Assert.True(target.IsTaken(input), $"{target.Name} refuses {Convert.ToHexStringLower(input)}"));
    }

    [Fact]
    public void What_was_found_once_is_not_found_again()
    {
        Dictionary<string, ByteTarget> targets = FuzzTargets.All().OfType<ByteTarget>().ToDictionary(target => target.Name);
        foreach ((string target, byte[] input) in Corpus.Found()) targets[target].Run(input);
    }

    [Theory]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public void A_decompression_bomb_costs_no_more_than_the_bound(CompressionType codec)
    {
        var target = new CompressionTarget(codec);
        Assert.False(target.IsTaken(target.Bomb(BombBytes)));
    }

    private static void Execute(IEnumerable<FuzzTarget> targets)
    {
        var findings = new List<string>();
        int executions = 0;
        foreach (FuzzTarget target in targets) executions += FuzzRun.Execute(target, FirstSeed, target.ExecutionsInCi, findings);
        Assert.True(findings.Count == 0, string.Join("\n\n", findings.Take(5)));
        Assert.True(executions > 0);
        TestContext.Current.TestOutputHelper?.WriteLine($"{executions} executions");
    }
}
