using Moldau.Protocol.Batches.Golden;
using Moldau.Protocol.Golden;

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

    [Fact]
    public void A_wrong_detail_makes_a_case_wrong()
    {
        foreach ((string file, string right, string wrong) in new[]
        {
            ("batches.jsonl", "\"lastOffset\":5", "\"lastOffset\":6"),
            ("batches.jsonl", "\"key\":\"6b30\"", "\"key\":\"6b31\""),
            ("bad-batches.jsonl", "\"errorCode\":87", "\"errorCode\":2"),
            ("bad-batches.jsonl", "\"records\":3}", "\"records\":4}"),
        })
        {
            GoldenCount count = new(file);
            string line = File.ReadLines(GoldenFolder.Sample(file)).First(line => line.Contains(right, StringComparison.Ordinal));
            new BatchGoldenVerifier().Verify(new StringReader(line.Replace(right, wrong, StringComparison.Ordinal)), count);
            Assert.Equal((0, 1), (count.Right, count.Wrong));
        }
    }

    private static void Verify(string fileName, string path, int casesMin)
    {
        BatchGoldenVerifier batches = new();
        GoldenVerifier verifier = new();
        batches.AddTo(verifier);
        GoldenCount count = verifier.RunFile(path);
        Assert.True(count.Wrong == 0, string.Join('\n', count.Faults));
        Assert.True(count.Right >= casesMin && count.Unknown == 0, $"only {count.Right} cases");
        TestContext.Current.SendDiagnosticMessage($"{fileName}: {count.Right} right, stricter: {string.Join(", ", batches.Stricter.Select(rule => $"{rule.Key} {rule.Value}"))}");
    }
}
