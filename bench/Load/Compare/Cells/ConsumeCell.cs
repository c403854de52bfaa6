using Moldau.Load.Compare.Brokers;
using Moldau.Load.Compare.Runs;
using Moldau.Load.Compare.Wire;

namespace Moldau.Load.Compare.Cells;

/// <summary>Reads what was written before: each consumer its own partition, from the beginning.</summary>
internal sealed class ConsumeCell(string name, string what, Func<BatchTemplate> batch, int consumers, ConsumeKind kind, IReadOnlyList<Figure> figures)
    : ServedCell(name, what, FlushTier.PageCache, figures)
{
    public override async Task<double[]> MeasureAsync(BrokerUnderTest broker, CellScale scale)
    {
        BatchTemplate template = batch();
        await using TestTopic topic = await TestTopic.CreateAsync(broker, Name, consumers);
        var ledger = new PartitionLedger(consumers);
        long bytes = kind == ConsumeKind.Small ? scale.SmallBytes : scale.BigBytes;
        await Filling.WriteAsync(topic, template, ledger, bytes);
        await Readback.RequireAsync(topic, ledger, template);
        Disk.Settle();
        long[] ends = await topic.EndsAsync();
        double bare = 0;
        // Whatever stands below a virtual disk has a cache of its own: the first read of all is not counted, so that the others find the same there.
        for (int i = 0; kind == ConsumeKind.Cold && i < 2; i++)
        {
            Disk.Forget(Segments(broker, topic));
            bare = await BareMegabytesPerSecondAsync(broker, topic, template, ends, TimeSpan.Zero);
        }

        if (kind == ConsumeKind.Cold) Disk.Forget(Segments(broker, topic));
        // From the cache a pass takes too little time to be measured alone; from the disk there is only one that is cold.
        Passes passes = await ReadAsync(broker, topic, ends, kind == ConsumeKind.Cold ? TimeSpan.Zero : scale.Time);
        if (kind == ConsumeKind.BesideBare) bare = await BareMegabytesPerSecondAsync(broker, topic, template, ends, scale.Time);
        double rate = kind == ConsumeKind.Small ? passes.Effort.PerSecond(passes.Records) : passes.Effort.MegabytesPerSecond(passes.Bytes);
        List<double> values = [rate, passes.Effort.SecondsPerGigabyte(passes.Bytes)];
        if (bare > 0) values.Add(100 * rate / bare);
        return [.. values];
    }

    private static async Task<Passes> ReadAsync(BrokerUnderTest broker, TestTopic topic, long[] ends, TimeSpan atLeast)
    {
        var passes = new Passes();
        do
        {
            FetchConnection[] readers = [.. ends.Select((end, partition) => Readback.Reader(topic, [partition], [end], null))];
            passes.Add(await Effort.OfAsync(broker, readers), readers);
            foreach (FetchConnection reader in readers) reader.Dispose();
        }
        while (passes.Effort.Elapsed < atLeast);
        return passes;
    }

    private static async Task<double> BareMegabytesPerSecondAsync(BrokerUnderTest broker, TestTopic topic, BatchTemplate template, long[] ends, TimeSpan atLeast)
    {
        var sizes = new FetchSizes();
        using BareSendfile bare = BareSendfile.Start(Segments(broker, topic).Order(StringComparer.Ordinal).First(), new FetchFrame(topic.Id, [0], sizes), template, ends[0]);
        var passes = new Passes();
        do
        {
            using var reader = new FetchConnection(bare.EndPoint, new FetchFrame(topic.Id, [0], sizes), sizes, [0], [0], [bare.End], null);
            passes.Add(await Effort.OfAsync(broker, [reader]), [reader]);
        }
        while (passes.Effort.Elapsed < atLeast);
        return passes.Effort.MegabytesPerSecond(passes.Bytes);
    }

    private static IEnumerable<string> Segments(BrokerUnderTest broker, TestTopic topic) =>
        Enumerable.Range(0, topic.Partitions).SelectMany(partition => Directory.EnumerateFiles(Path.Combine(broker.DataFolder, $"{topic.Name}-{partition}"), "*.log"));

    private sealed class Passes
    {
        public Effort Effort { get; private set; }

        public long Bytes { get; private set; }

        public long Records { get; private set; }

        public void Add(Effort effort, IReadOnlyList<FetchConnection> readers)
        {
            Effort = new Effort(Effort.Elapsed + effort.Elapsed, Effort.Processor + effort.Processor);
            Bytes += readers.Sum(reader => reader.Bytes);
            Records += readers.Sum(reader => reader.Records);
        }
    }
}

/// <summary>What a <see cref="ConsumeCell"/> is about.</summary>
internal enum ConsumeKind
{
    /// <summary>Large batches from the page cache: MB/s.</summary>
    Big,

    /// <summary>The same, and a bare sendfile loop on the same file.</summary>
    BesideBare,

    /// <summary>Small batches: records/s.</summary>
    Small,

    /// <summary>Large batches that are on the disk only, and a bare sendfile loop on the same file, as cold.</summary>
    Cold,
}
