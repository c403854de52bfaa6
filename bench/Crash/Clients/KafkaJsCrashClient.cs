using System.Globalization;
using Moldau.Crash.Ledgers;
using Moldau.Processes;

namespace Moldau.Crash.Clients;

/// <summary>kafkajs: sends a few records, waits for their acknowledgement, tells them as <c>value partition offset</c>.</summary>
internal sealed class KafkaJsCrashClient(string nodeJs, string bootstrap, Ledger[] ledgers, Violations violations)
    : ProcessCrashClient("kafkajs", ledgers, violations, ChildProcess.Describe(nodeJs, Arguments(bootstrap, ledgers[0].Topic), Quiet))
{
    private static Dictionary<string, string> Quiet => new() { ["KAFKAJS_NO_PARTITIONER_WARNING"] = "1" };

    protected override Task AskToEndAsync()
    {
        Process.StandardInput.Close();
        return Task.CompletedTask;
    }

    protected override void OnOutput(string line)
    {
        if (line.Split(' ') is [var value, var partition, var offset])
            Ledgers[int.Parse(partition, CultureInfo.InvariantCulture)].Acknowledge(long.Parse(offset, CultureInfo.InvariantCulture), long.Parse(value, CultureInfo.InvariantCulture));
        else
            Violations.Add($"{Name}: said \"{line}\"");
    }

    protected override void OnErrorOutput(string line) => Violations.Add($"{Name}: {line}");

    private static string[] Arguments(string bootstrap, string topic) => [ForeignPrograms.Script("kafkajs.mjs"), "acknowledge", bootstrap, topic, ""];
}
