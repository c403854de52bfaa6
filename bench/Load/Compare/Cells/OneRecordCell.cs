using Moldau.Load.Compare.Brokers;
using Moldau.Load.Compare.Wire;

namespace Moldau.Load.Compare.Cells;

/// <summary>Requests with one record of 100 bytes each: what a request costs by itself.</summary>
internal sealed class OneRecordCell(int connections, int depth) : ServedCell(
    $"one-record-{connections}{(depth > 1 ? "-pipelined" : "")}",
    $"one-record requests, {connections} connection{(connections == 1 ? "" : "s")}{(depth > 1 ? $", {depth} in flight each" : "")}",
    FlushTier.PageCache,
    [new("requests/s", Bar.AtLeast(2)), new("CPU-µs per request", Bar.AtMost(0.4, 40))])
{
    private const int RecordBytes = 100, Partitions = 6;

    public override async Task<double[]> MeasureAsync(BrokerUnderTest broker, CellScale scale)
    {
        BatchTemplate template = BatchTemplate.OfCount(1, RecordBytes);
        var plan = new ProducePlan(template, connections, depth, 1);
        await using TestTopic topic = await TestTopic.CreateAsync(broker, Name, Partitions);
        var ledger = new PartitionLedger(Partitions);
        await SendAsync(broker, topic, plan, ledger, scale.Time / 3);
        long before = ledger.Total;
        Effort effort = await SendAsync(broker, topic, plan, ledger, scale.Time);
        long requests = ledger.Total - before;
        if (requests == 0) throw new ReplayException($"no request was answered within {scale.Time}");
        await Readback.RequireAsync(topic, ledger, template);
        return [effort.PerSecond(requests), effort.MicrosecondsEach(requests)];
    }

    private static async Task<Effort> SendAsync(BrokerUnderTest broker, TestTopic topic, ProducePlan plan, PartitionLedger ledger, TimeSpan time)
    {
        var budget = RequestBudget.OfTime(time);
        using ProduceLoad load = await ProduceLoad.ConnectAsync(topic, plan, ledger, _ => budget);
        return await Effort.OfAsync(broker, load.Connections);
    }
}
