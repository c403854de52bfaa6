using System.Diagnostics;
using System.Globalization;
using HdrHistogram;
using Moldau.Load.Compare.Brokers;
using Moldau.Load.Compare.Wire;

namespace Moldau.Load.Compare.Cells;

/// <summary>
/// From the time a record was meant to be sent until a consumer has it. A thousand requests a second carry the records, as producers make them that wait a
/// millisecond for more; a consumer with one fetch always open reads all partitions.
/// </summary>
internal sealed class EndToEndCell(int recordsPerSecond) : ServedCell(
    $"end-to-end-{recordsPerSecond / 1000}k",
    string.Create(CultureInfo.InvariantCulture, $"end to end at {recordsPerSecond:#,0} records/s of 100 B, acks=all, open loop, from the intended send to the consumer"),
    FlushTier.PageCache,
    [new("p50 ms", Bar.AtMost(0.7)), new("p99 ms", Bar.AtMost(0.5)), new("p99.9 ms", Bar.AtMost(0.25))])
{
    private const int Partitions = 6, RequestsPerSecond = 1000, RecordBytes = 100;

    public override async Task<double[]> MeasureAsync(BrokerUnderTest broker, CellScale scale)
    {
        BatchTemplate template = BatchTemplate.OfCount(recordsPerSecond / RequestsPerSecond, RecordBytes);
        await using TestTopic topic = await TestTopic.CreateAsync(broker, Name, Partitions);
        var ledger = new PartitionLedger(Partitions);
        // A third more in front, which is not counted.
        long warmup = (long)(scale.LatencyTime.TotalSeconds / 3 * RequestsPerSecond / Partitions);
        long requests = warmup + (long)(scale.LatencyTime.TotalSeconds * RequestsPerSecond / Partitions);
        var plan = new ProducePlan(template, Partitions, Limits.OpenLoopDepth, -1) { PerSecond = RequestsPerSecond };
        using ProduceLoad load = await ProduceLoad.ConnectAsync(topic, plan, ledger, _ => RequestBudget.OfCount(requests));
        var arrivals = new Arrivals(load.Schedules, template.Count, warmup);
        long[] ends = [.. Enumerable.Repeat(requests * template.Count, Partitions)];
        using FetchConnection reader = Readback.Reader(topic, [.. Enumerable.Range(0, Partitions)], ends, arrivals);
        await ReplayLoop.RunAsync([.. load.Connections, reader]);
        await Readback.RequireAsync(topic, ledger, template);
        return [arrivals.Milliseconds(50), arrivals.Milliseconds(99), arrivals.Milliseconds(99.9)];
    }

    // Each partition belongs to one connection, whose requests stand in it in their order: an offset tells which request it came with.
    private sealed class Arrivals(IReadOnlyList<SendSchedule> schedules, int recordsPerRequest, long warmup) : IArrivals
    {
        private readonly LongHistogram latency = Latencies.New();

        public double Milliseconds(double percentile) => Latencies.Milliseconds(latency, percentile);

        public void Arrived(int partition, long baseOffset, int count, ReadOnlySpan<byte> batch, long now)
        {
            long request = baseOffset / recordsPerRequest;
            if (request < warmup) return;
            TimeSpan took = Stopwatch.GetElapsedTime(schedules[partition].DueOf(request), now);
            latency.RecordValueWithCount(Math.Clamp((long)took.TotalNanoseconds, 1, Limits.LatencyTicksMax), count);
        }
    }
}
