using Moldau.Load.Compare.Brokers;
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
    private const string Throughput = "MB/s", Cost = "CPU-s per GB", Records = "records/s";

    public static IReadOnlyList<Cell> All { get; } =
    [
        Big("produce-big-1-acks1", 1, 1, FlushTier.PageCache),
        Big("produce-big-1-all", 1, -1, FlushTier.PageCache),
        Big("produce-big-50-acks1", 50, 1, FlushTier.PageCache),
        Big("produce-big-50-all", 50, -1, FlushTier.PageCache),
        new ProduceCell(
            "produce-small", "produce, 100 B records in 8 KiB batches, 6 partitions", FlushTier.PageCache, 6,
            () => BatchTemplate.OfBytes(SmallBatch, SmallRecord), batch => new ProducePlan(batch, 6, BigDepth, 1), isSmall: true,
            [new(Records, Bar.AtLeast(2)), new(Cost, Bar.AtMost(0.4))]),
        .. OneRecord(),
        Compressed("lz4", CompressionType.Lz4),
        Compressed("zstd", CompressionType.Zstd),
        new ProduceCell(
            "produce-idempotent", "produce, 1 KiB records in 256 KiB batches, 1 partition, acks=all, idempotent", FlushTier.PageCache, 1,
            BigTemplate, batch => new ProducePlan(batch, BigConnections, BigDepth, -1) { IsIdempotent = true }, isSmall: false, BigFigures),
    ];

    private static IReadOnlyList<Figure> BigFigures => [new(Throughput, Bar.AtLeast(1.2)), new(Cost, Bar.AtMost(0.5))];

    /// <summary>The cells that names choose: a whole name, or how names begin.</summary>
    /// <exception cref="Startup.LoadUsageException">A name chooses none.</exception>
    public static IReadOnlyList<Cell> Chosen(IReadOnlyList<string> names)
    {
        if (names.Count == 0) return [.. All.Where(cell => cell.IsDefault)];
        foreach (string name in names)
            if (!All.Any(cell => Matches(cell, name))) throw new Startup.LoadUsageException($"no cell \"{name}\"; there are {string.Join(", ", All.Select(cell => cell.Name))}");
        return [.. All.Where(cell => names.Any(name => Matches(cell, name)))];
    }

    private static bool Matches(Cell cell, string name) => cell.Name == name || cell.Name.StartsWith(name + "-", StringComparison.Ordinal);

    private static BatchTemplate BigTemplate() => BatchTemplate.OfBytes(BigBatch, BigRecord);

    private static ProduceCell Big(string name, int partitions, short acks, FlushTier tier) => new(
        name, $"produce, 1 KiB records in 256 KiB batches, {partitions} partition{(partitions == 1 ? "" : "s")}, acks={(acks == 1 ? "1" : "all")}", tier, partitions,
        BigTemplate, batch => new ProducePlan(batch, BigConnections, BigDepth, acks), isSmall: false, BigFigures);

    private static ProduceCell Compressed(string codec, CompressionType type) => new(
        $"produce-{codec}", $"produce, 1 KiB records in 256 KiB batches compressed with {codec}, 1 partition, acks=all; MB as sent", FlushTier.PageCache, 1,
        () => BatchTemplate.OfBytes(BigBatch, BigRecord, type), batch => new ProducePlan(batch, BigConnections, BigDepth, -1), isSmall: false, BigFigures);

    private static IEnumerable<Cell> OneRecord()
    {
        foreach (int depth in (int[])[1, 16])
            foreach (int connections in (int[])[1, 10, 100]) yield return new OneRecordCell(connections, depth);
    }
}
