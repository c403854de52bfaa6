using System.Globalization;
using System.Text.RegularExpressions;
using Moldau.Load.Compare.Brokers;
using Moldau.Load.Compare.Wire;
using Moldau.Processes;

namespace Moldau.Load.Compare.Stock;

/// <summary>Apache Kafka's own clients, by its performance tools; the time is what the tools say it took, without the start of their virtual machine.</summary>
internal sealed partial class JavaTools(KafkaPeer peer) : StockClient
{
    public override string Name => "java";

    public override async Task<TimeSpan> ProduceAsync(TestTopic topic, StockLoad load)
    {
        string[] arguments =
        [
            "producer-perf", "--topic", topic.Name, "--num-records", Text(load.Records), "--record-size", Text(load.RecordBytes), "--throughput", "-1", "--producer-props",
            $"bootstrap.servers={topic.EndPoint}", $"acks={load.Acks}", $"batch.size={load.BatchBytes}", "linger.ms=5", "buffer.memory=67108864", "enable.idempotence=false",
        ];
        string last = (await LinesAsync(arguments)).LastOrDefault(line => line.Contains("records/sec", StringComparison.Ordinal)) ?? "nothing";
        return Rate().Match(last) is { Success: true } rate && Number(rate.Groups[1].Value) is > 0 and var perSecond
            ? TimeSpan.FromSeconds(load.Records / perSecond)
            : throw new ReplayException($"producer-perf said: {last}");
    }

    public override async Task<TimeSpan> ConsumeAsync(TestTopic topic, StockLoad load)
    {
        string[] arguments =
            ["consumer-perf", "--bootstrap-server", topic.EndPoint.ToString(), "--topic", topic.Name, "--messages", Text(load.Records), "--timeout", Text((int)Limits.StockRun.TotalMilliseconds)];
        List<string> lines = await LinesAsync(arguments);
        // start, end, MB, MB/s, records, records/s, ms of rebalances, ms of fetching, …
        string[] fields = lines.Select(line => line.Split(',', StringSplitOptions.TrimEntries)).LastOrDefault(each => each.Length >= 8 && char.IsAsciiDigit(each[0].FirstOrDefault())) ?? [];
        if (fields.Length == 0 || Number(fields[4]) < load.Records) throw new ReplayException($"consumer-perf said: {lines.LastOrDefault() ?? "nothing"}");
        return TimeSpan.FromMilliseconds(Math.Max(1, Number(fields[7])));
    }

    private async Task<List<string>> LinesAsync(string[] arguments)
    {
        List<string> lines = [];
        int exitCode = await ChildProcess.ReadLinesAsync(peer.DescribeTool(arguments), line =>
        {
            if (lines.Count < Limits.ToolLinesMax) lines.Add(line);
        }, Limits.StockRun, CancellationToken.None);
        return exitCode == 0 ? lines : throw new ReplayException($"{arguments[0]} ended with exit code {exitCode}: {lines.LastOrDefault()}");
    }

    private static double Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : -1;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"records sent, ([0-9.]+) records/sec")]
    private static partial Regex Rate();
}
