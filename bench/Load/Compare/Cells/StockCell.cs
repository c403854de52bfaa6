using Moldau.Load.Compare.Brokers;
using Moldau.Load.Compare.Runs;
using Moldau.Load.Compare.Stock;
using Moldau.Load.Compare.Wire;

namespace Moldau.Load.Compare.Cells;

/// <summary>What a cell of the replayer does, done by a stock client, with a quarter of the bytes: most of the time goes by in the client.</summary>
/// <param name="clientName">Begins the cell's name.</param>
/// <param name="confirmed">The cell whose winner this one must see too.</param>
/// <param name="load">What is moved, but for the number of records.</param>
/// <param name="partitions">Partitions of the topic.</param>
/// <param name="isConsumer">Whether it reads, what the replayer then writes before.</param>
internal sealed class StockCell(string clientName, string confirmed, StockLoad load, int partitions, bool isConsumer) : ServedCell(
    $"{clientName}-{(isConsumer ? "consume" : "produce")}-{(IsSmall(load) ? "small" : "big")}", $"as {confirmed}, by {clientName}", FlushTier.PageCache,
    [new(IsSmall(load) ? "records/s" : "MB/s"), new("CPU-s per GB")])
{
    private const int SmallRecordMax = 512;

    public override string? Confirms => confirmed;

    public override async Task<double[]> MeasureAsync(BrokerUnderTest broker, CellScale scale)
    {
        StockClient client = clientName == "java" ? new JavaTools(scale.Tools ?? throw new ReplayException("Apache Kafka's tools are not here: name them by --peer")) : new LibrdkafkaClient();
        BatchTemplate template = BatchTemplate.OfBytes(load.BatchBytes, load.RecordBytes);
        await using TestTopic topic = await TestTopic.CreateAsync(broker, Name, partitions);
        var ledger = new PartitionLedger(partitions);
        if (isConsumer) await Filling.WriteAsync(topic, template, ledger, Bytes(scale));
        int records = isConsumer ? (int)ledger.Total : (int)(Bytes(scale) / load.RecordBytes);
        Disk.Settle();
        if (!isConsumer) Ballast.Recycle(broker.Folder, Bytes(scale));

        TimeSpan before = broker.ProcessorTime;
        StockLoad whole = load with { Records = records };
        TimeSpan elapsed = isConsumer ? await client.ConsumeAsync(topic, whole) : await client.ProduceAsync(topic, whole);
        var effort = new Effort(elapsed, broker.ProcessorTime - before);
        await RequireAllAsync(topic, records);
        long bytes = (long)records * load.RecordBytes;
        return [IsSmall(load) ? effort.PerSecond(records) : effort.MegabytesPerSecond(bytes), effort.SecondsPerGigabyte(bytes)];
    }

    // Batches are as the client made them: their checksums and offsets must hold, and no record may be missing or doubled.
    private static async Task RequireAllAsync(TestTopic topic, long records)
    {
        long[] ends = await topic.EndsAsync();
        if (ends.Sum() != records) throw new LostRecordsException($"{records} records were acknowledged and partitions end at {ends.Sum()} in all");
        using FetchConnection reader = Readback.Reader(topic, [.. Enumerable.Range(0, topic.Partitions)], ends, new ChecksumCheck());
        await ReplayLoop.RunAsync([reader]);
        if (reader.Records != records) throw new LostRecordsException($"{records} records were acknowledged and {reader.Records} read back");
    }

    private static long Bytes(CellScale scale) => scale.BigBytes / 4;

    private static bool IsSmall(StockLoad load) => load.RecordBytes <= SmallRecordMax;
}
