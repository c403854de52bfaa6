using System.Globalization;
using System.Text.Json;
using Moldau.Crash.Ledgers;
using Moldau.Processes;

namespace Moldau.Crash.Clients;

/// <summary>
/// Apache Kafka's verifiable producer, the Java client. It does not retry: what fails in a crash is told as an error and owes nothing.
/// </summary>
internal sealed class JavaCrashClient(KafkaPeer peer, string bootstrap, Ledger[] ledgers, Violations violations)
    : ProcessCrashClient("java", ledgers, violations, peer.DescribeTool(Arguments(bootstrap, ledgers[0].Topic)))
{
    private const string RecordsPerSecond = "2000";

    protected override Task AskToEndAsync()
    {
        UnixSignal.Terminate(Process);
        return Task.CompletedTask;
    }

    protected override void OnOutput(string line)
    {
        if (!line.StartsWith('{')) return;
        JsonElement told = JsonDocument.Parse(line).RootElement;
        if (told.GetProperty("name").GetString() != "producer_send_success") return;
        long sequence = long.Parse(told.GetProperty("value").GetString() ?? "", CultureInfo.InvariantCulture);
        Ledgers[told.GetProperty("partition").GetInt32()].Acknowledge(told.GetProperty("offset").GetInt64(), sequence);
    }

    protected override void OnErrorOutput(string line)
    {
    }

    private static string[] Arguments(string bootstrap, string topic) =>
        ["verifiable-producer", "--bootstrap-server", bootstrap, "--topic", topic, "--throughput", RecordsPerSecond, "--acks", "-1"];
}
