using HdrHistogram;
using Moldau.Load.Compare.Brokers;
using Moldau.Load.Compare.Wire;

namespace Moldau.Load.Compare.Cells;

/// <summary>From the intended send of a record to its acknowledgement, while several producers send at a rate that is far from too much.</summary>
internal sealed class LatencyCell() : ServedCell(
    "t1-latency", "acknowledgement at 1,000 records/s of 1 KiB from 10 producers, one record a request, acks=all, open loop", FlushTier.Synced,
    [new("p50 ms"), new("p99 ms", Bar.AtMost(0.3)), new("p99.9 ms")])
{
    private const int Producers = 10, RequestsPerSecond = 1000, RecordBytes = 1024;

    public override async Task<double[]> MeasureAsync(BrokerUnderTest broker, CellScale scale)
    {
        BatchTemplate template = BatchTemplate.OfCount(1, RecordBytes);
        await using TestTopic topic = await TestTopic.CreateAsync(broker, Name, Producers);
        var ledger = new PartitionLedger(Producers);
        await SendAsync(topic, template, ledger, scale.LatencyTime / 3, null);
        LongHistogram latency = Latencies.New();
        await SendAsync(topic, template, ledger, scale.LatencyTime, latency);
        await Readback.RequireAsync(topic, ledger, template);
        return [Latencies.Milliseconds(latency, 50), Latencies.Milliseconds(latency, 99), Latencies.Milliseconds(latency, 99.9)];
    }

    private static async Task SendAsync(TestTopic topic, BatchTemplate template, PartitionLedger ledger, TimeSpan time, LongHistogram? latency)
    {
        var plan = new ProducePlan(template, Producers, Limits.OpenLoopDepth, -1) { PerSecond = RequestsPerSecond, Latency = latency };
        long each = (long)(time.TotalSeconds * RequestsPerSecond / Producers);
        using ProduceLoad load = await ProduceLoad.ConnectAsync(topic, plan, ledger, _ => RequestBudget.OfCount(each));
        await ReplayLoop.RunAsync(load.Connections);
    }
}
