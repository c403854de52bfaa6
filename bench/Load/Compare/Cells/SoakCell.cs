using System.Globalization;
using HdrHistogram;
using Moldau.Load.Compare.Brokers;
using Moldau.Load.Compare.Runs;
using Moldau.Load.Compare.Wire;

namespace Moldau.Load.Compare.Cells;

/// <summary>Hours in small: at 60 % of what the broker can take, with old segments being deleted and keys compacted, does memory grow, and does it get slower?</summary>
internal sealed class SoakCell() : LifeCell(
    "soak", "at 60 % of the most that it takes, with retention and compaction; the last quarter of the time beside the first",
    [new("memory, last : first", new Bar(false, null, 1.05)), new("p99.9, last : first", new Bar(false, null, 1.2)), new("p99.9 ms, last"), new("requests/s")])
{
    private const int Partitions = 6, Connections = 6, Depth = 5, RecordBytes = 100, RecordsPerRequest = 80, Quarters = 4;
    private const double Share = 0.6;

    private static readonly Dictionary<string, string> Often = new()
    {
        ["log.retention.check.interval.ms"] = "10000", ["log.cleaner.backoff.ms"] = "5000",
    };

    public override bool IsDefault => false;

    public override async Task<double[]> MeasureAsync(Contender contender, CellScale scale)
    {
        await using BrokerUnderTest broker = await BrokerUnderTest.StartAsync(contender, Tier, Often);
        await Warmup.RunAsync(broker, scale.Warmup);
        BatchTemplate template = BatchTemplate.OfKeys(RecordsPerRequest, RecordBytes);
        string segment = (16 << 20).ToString(CultureInfo.InvariantCulture), kept = (64 << 20).ToString(CultureInfo.InvariantCulture);
        TestTopic deleted = await TestTopic.CreateAsync(broker, "soak-deleted", Partitions, new() { ["segment.bytes"] = segment, ["retention.bytes"] = kept });
        TestTopic compacted = await TestTopic.CreateAsync(
            broker, "soak-compacted", Partitions, new() { ["segment.bytes"] = segment, ["cleanup.policy"] = "compact", ["min.cleanable.dirty.ratio"] = "0.5" });
        var ledgers = new[] { new PartitionLedger(Partitions), new PartitionLedger(Partitions) };

        double most = await MostAsync(deleted, ledgers[0], template, scale.Warmup);
        List<(double Memory, double Latency)> quarters = [];
        for (int i = 0; i < Quarters; i++)
        {
            LongHistogram latency = Latencies.New();
            using ProduceLoad one = await LoadAsync(deleted, ledgers[0], template, most * Share / 2, scale.Soak / Quarters, latency);
            using ProduceLoad two = await LoadAsync(compacted, ledgers[1], template, most * Share / 2, scale.Soak / Quarters, latency);
            await ReplayLoop.RunAsync([.. one.Connections, .. two.Connections], scale.Soak / Quarters + Limits.Replay);
            quarters.Add((broker.ResidentBytes, Latencies.Milliseconds(latency, 99.9)));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{contender.Name}, quarter {i + 1}: {quarters[i].Memory / 1e6:0.0} MB, p99.9 {quarters[i].Latency:0.00} ms"));
        }

        ledgers[0].RequireEnds(await deleted.EndsAsync());
        ledgers[1].RequireEnds(await compacted.EndsAsync());
        return [quarters[^1].Memory / quarters[0].Memory, quarters[^1].Latency / quarters[0].Latency, quarters[^1].Latency, most * Share];
    }

    private static async Task<double> MostAsync(TestTopic topic, PartitionLedger ledger, BatchTemplate template, TimeSpan time)
    {
        var budget = RequestBudget.OfTime(time);
        using ProduceLoad load = await ProduceLoad.ConnectAsync(topic, new ProducePlan(template, Connections, Depth, -1), ledger, _ => budget);
        TimeSpan elapsed = await ReplayLoop.RunAsync(load.Connections);
        return ledger.Total / RecordsPerRequest / elapsed.TotalSeconds;
    }

    private static Task<ProduceLoad> LoadAsync(TestTopic topic, PartitionLedger ledger, BatchTemplate template, double perSecond, TimeSpan time, LongHistogram latency)
    {
        var plan = new ProducePlan(template, Connections, Limits.OpenLoopDepth, -1) { PerSecond = perSecond, Latency = latency };
        long each = Math.Max(1, (long)(perSecond * time.TotalSeconds / Connections));
        return ProduceLoad.ConnectAsync(topic, plan, ledger, _ => RequestBudget.OfCount(each));
    }
}
