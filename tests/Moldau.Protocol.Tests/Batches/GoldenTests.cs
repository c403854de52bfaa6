using Moldau.Protocol.Batches;
using Moldau.Protocol.Batches.Golden;

namespace Moldau.Protocol.Tests.Batches;

public sealed class GoldenTests
{
    [Theory]
    [InlineData("batches.jsonl")]
    [InlineData("bad-batches.jsonl")]
    [InlineData("compression.jsonl")]
    public void Every_golden_case_is_reproduced(string fileName) => Verify(fileName, GoldenFolder.Require(fileName), casesMin: 1);

    [Theory]
    [InlineData("batches.jsonl", 20)]
    [InlineData("bad-batches.jsonl", 60)]
    [InlineData("compression.jsonl", 20)]
    public void The_sample_in_the_repository_is_reproduced(string fileName, int casesMin) => Verify(fileName, GoldenFolder.Sample(fileName), casesMin);

    private static void Verify(string fileName, string path, int casesMin)
    {
        BatchGoldenVerifier verifier = new();
        verifier.Verify(fileName, File.ReadLines(path));
        Assert.True(verifier.Wrong == 0, string.Join('\n', verifier.Described));
        Assert.True(verifier.Right >= casesMin, $"only {verifier.Right} cases");
        TestContext.Current.SendDiagnosticMessage($"{fileName}: {verifier.Right} right, stricter: {string.Join(", ", verifier.Stricter.Select(rule => $"{rule.Key} {rule.Value}"))}");
    }
}
