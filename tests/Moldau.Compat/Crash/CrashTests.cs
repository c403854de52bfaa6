using Moldau.Crash;
using Moldau.Processes;

namespace Moldau.Compat.Crash;

/// <summary>The crash bench in short, on the same code.</summary>
public sealed class CrashTests
{
    [Fact]
    public async Task Ten_deaths_lose_reorder_and_repeat_no_acknowledged_record()
    {
        Client.Require(ForeignPrograms.Kcat);
        Client.Require(ForeignPrograms.KafkaJs);
        NodeProgram program = NodeProgram.FromEnvironment();
        var options = new CrashOptions
        {
            // Apache Kafka takes ten seconds to return; as the oracle it shows that the bench finds nothing where nothing is.
            Rounds = program is KafkaPeer ? 1 : 10, Clients = ["confluent", "kcat", "kafkajs"], PreloadMebibytes = 32, Seed = Environment.TickCount,
        };
        using var folder = new TemporaryFolder();

        CrashReport report = await new CrashRun(options, program, TestContext.Current.SendDiagnosticMessage).RunAsync(folder.Path, TestContext.Current.CancellationToken);

        Assert.True(report.ViolationCount == 0, $"seed {options.Seed}\n{string.Join('\n', report.Violations)}");
        Assert.Equal(options.Rounds, report.Rounds.Count);
        Assert.True(report.Cleaning.IsWhole, report.Cleaning.ToString());
        Assert.All(report.Clients, client => Assert.True(client.Acknowledged > 0, $"{client.Name} got no acknowledgement"));
    }
}
