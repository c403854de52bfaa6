using Moldau.Load.Compare.Brokers;
using Moldau.Load.Compare.Stock;
using Moldau.Load.Compare.Wire;
using Moldau.Protocol.Compression;

namespace Moldau.Load.Compare.Cells;

/// <summary>All cells, in the order of the report and of a run.</summary>
internal static class CellCatalog
{
    private const int BigBatch = 256 * 1024, BigRecord = 1024, SmallBatch = 8 * 1024, SmallRecord = 100;

    /// <summary>As many as Kafka's producer has at most, and all that an idempotent one may have.</summary>
    private const int BigDepth = 5;

    private const int BigConnections = 4;
    private const string Throughput = "MB/s", Cost = "CPU-s per GB", Records = "records/s", BareAppend = "% of a bare append loop", BareSend = "% of a bare sendfile loop";

    public static IReadOnlyList<Cell> All { get; } =
    [
        Big("produce-big-1-acks1", 1, 1, FlushTier.PageCache),
        Big("produce-big-1-all", 1, -1, FlushTier.PageCache),
        Big("produce-big-50-acks1", 50, 1, FlushTier.PageCache),
        Big("produce-big-50-all", 50, -1, FlushTier.PageCache),
        new ProduceCell(
            "produce-small", "produce, 100 B records in 8 KiB batches, 6 partitions", FlushTier.PageCache, 6,
            SmallTemplate, batch => new ProducePlan(batch, 6, BigDepth, 1), ProduceVolume.Small,
            [new(Records, Bar.AtLeast(2)), new(Cost, Bar.AtMost(0.4))]),
        .. OneRecord(),
        Compressed("lz4", CompressionType.Lz4),
        Compressed("zstd", CompressionType.Zstd),
        new ProduceCell(
            "produce-idempotent", "produce, 1 KiB records in 256 KiB batches, 1 partition, acks=all, idempotent", FlushTier.PageCache, 1,
            BigTemplate, batch => new ProducePlan(batch, BigConnections, BigDepth, -1) { IsIdempotent = true }, ProduceVolume.Big, [.. BigFigures, new(BareAppend)]),
        new ConsumeCell(
            "consume-big", "consume from the page cache, 256 KiB batches, 1 consumer", BigTemplate, 1, ConsumeKind.BesideBare,
            [new(Throughput, Bar.AtLeast(1.2)), new(Cost, Bar.AtMost(0.7)), new(BareSend, new Bar(true, null, 80))]),
        new ConsumeCell(
            "consume-small", "consume from the page cache, 8 KiB batches of 100 B records, 1 consumer", SmallTemplate, 1, ConsumeKind.Small,
            [new(Records, Bar.AtLeast(1.5)), new(Cost)]),
        new ConsumeCell(
            "catch-up", "catch-up of 4 consumers from the page cache, 256 KiB batches, a partition each", BigTemplate, 4, ConsumeKind.Big,
            [new(Throughput, Bar.AtLeast(1.2)), new(Cost)]),
        new ConsumeCell(
            "consume-cold", "consume from the disk, 256 KiB batches, 1 consumer", BigTemplate, 1, ConsumeKind.Cold,
            [new(Throughput, Bar.AtLeast(1.0)), new(Cost), new(BareSend)]),
        new EndToEndCell(1000),
        new EndToEndCell(10_000),
        new EndToEndCell(50_000),
        new MemoryCell(),
        .. Stock("librdkafka"),
        .. Stock("java"),
        new ProduceCell(
            "t1-produce-big", "produce, 1 KiB records in 256 KiB batches, 1 partition, acks=all", FlushTier.Synced, 1,
            BigTemplate, batch => new ProducePlan(batch, BigConnections, BigDepth, -1), ProduceVolume.Big,
            [new(Throughput, Bar.AtLeast(5)), new(Cost), new("MB/s beside Kafka's at T0", Bar.AtLeast(1)) { Against = ("produce-big-1-all", Throughput) }, new("% of a bare loop that appends and syncs")]),
        new LatencyCell(),
        new StartCell(),
        new RecoveryCell(1, isStoppedToo: false),
        new RecoveryCell(50, isStoppedToo: false),
        new RecoveryCell(1000, isStoppedToo: true),
        new ManyPartitionsCell(),
        new ConnectionsCell(),
        new SoakCell(),
    ];

    private static IReadOnlyList<Figure> BigFigures => [new(Throughput, Bar.AtLeast(1.2)), new(Cost, Bar.AtMost(0.5))];

    /// <summary>The cells that names choose: a whole name, or how names begin.</summary>
    /// <exception cref="Startup.LoadUsageException">A name chooses none.</exception>
    public static IReadOnlyList<Cell> Chosen(IReadOnlyList<string> names, Driver driver)
    {
        if (names.Count == 0) return [.. All.Where(cell => cell.IsDefault && Drives(driver, cell))];
        foreach (string name in names)
            if (!All.Any(cell => Matches(cell, name))) throw new Startup.LoadUsageException($"no cell \"{name}\"; there are {string.Join(", ", All.Select(cell => cell.Name))}");
        return [.. All.Where(cell => Drives(driver, cell) && names.Any(name => Matches(cell, name)))];
    }

    private static bool Drives(Driver driver, Cell cell) => driver == Driver.Both || driver == Driver.Stock == cell is StockCell;

    private static bool Matches(Cell cell, string name) =>
        All.Any(each => each.Name == name) ? cell.Name == name : cell.Name.StartsWith(name + "-", StringComparison.Ordinal);

    private static BatchTemplate BigTemplate() => BatchTemplate.OfBytes(BigBatch, BigRecord);

    private static BatchTemplate SmallTemplate() => BatchTemplate.OfBytes(SmallBatch, SmallRecord);

    private static ProduceCell Big(string name, int partitions, short acks, FlushTier tier) => new(
        name, $"produce, 1 KiB records in 256 KiB batches, {partitions} partition{(partitions == 1 ? "" : "s")}, acks={(acks == 1 ? "1" : "all")}", tier, partitions,
        BigTemplate, batch => new ProducePlan(batch, BigConnections, BigDepth, acks), ProduceVolume.Big, [.. BigFigures, new(BareAppend)]);

    private static ProduceCell Compressed(string codec, CompressionType type) => new(
        $"produce-{codec}", $"produce, 1 KiB records in 256 KiB batches compressed with {codec}, 1 partition, acks=all; MB as sent", FlushTier.PageCache, 1,
        () => BatchTemplate.OfBytes(BigBatch, BigRecord, type), batch => new ProducePlan(batch, BigConnections, BigDepth, -1), ProduceVolume.Compressed, BigFigures);

    private static IEnumerable<Cell> Stock(string client)
    {
        var big = new StockLoad(0, BigRecord, BigBatch, -1);
        var small = new StockLoad(0, SmallRecord, SmallBatch, 1);
        return
        [
            new StockCell(client, "produce-big-1-all", big, 1, isConsumer: false),
            new StockCell(client, "produce-small", small, 6, isConsumer: false),
            new StockCell(client, "consume-big", big, 1, isConsumer: true),
            new StockCell(client, "consume-small", small, 1, isConsumer: true),
        ];
    }

    private static IEnumerable<Cell> OneRecord()
    {
        foreach (int depth in (int[])[1, 16])
            foreach (int connections in (int[])[1, 10, 100]) yield return new OneRecordCell(connections, depth);
    }
}
