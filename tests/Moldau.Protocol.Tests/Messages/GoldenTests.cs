using Moldau.Protocol.Golden;

namespace Moldau.Protocol.Tests.Messages;

public sealed class GoldenTests
{
    [Fact]
    public void Every_golden_case_reads_and_writes_as_Kafka_does() => Verify(Facts.Golden());

    [Fact]
    public void Every_case_of_the_sample_reads_and_writes_as_Kafka_does() => Verify(Facts.Sample());

    private static void Verify(string folder)
    {
        GoldenReport report = new GoldenVerifier().Run(folder);
        TestContext.Current.TestOutputHelper?.WriteLine($"{report.Right} right, {report.Stricter} of them stricter than Kafka; {report.Wrong} wrong");
        Assert.True(report.Wrong == 0, $"{report.Wrong} wrong\n{string.Join('\n', report.Faults)}");
        Assert.True(report.Right > 0, $"no case in {folder}");
    }
}
