using Moldau.Load.Compare.Brokers;
using Moldau.Load.Compare.Runs;
using Moldau.Load.Compare.Wire;

namespace Moldau.Load.Compare.Cells;

/// <summary>Produces a number of bytes as fast as they are acknowledged.</summary>
internal sealed class ProduceCell(
    string name, string what, FlushTier tier, int partitions, Func<BatchTemplate> batch, Func<BatchTemplate, ProducePlan> plan, ProduceVolume volume, IReadOnlyList<Figure> figures)
    : ServedCell(name, what, tier, figures)
{
    /// <summary>The part of the bytes that is sent before, unmeasured, so that segments and buffers are there.</summary>
    private const int WarmupPart = 8;

    public override async Task<double[]> MeasureAsync(BrokerUnderTest broker, CellScale scale)
    {
        BatchTemplate template = batch();
        ProducePlan how = plan(template);
        long bytes = volume == ProduceVolume.Big ? scale.BigBytes : scale.SmallBytes;
        long requests = Math.Max(how.Connections, bytes / template.Bytes.Length);
        await using TestTopic topic = await TestTopic.CreateAsync(broker, Name, partitions);
        var ledger = new PartitionLedger(partitions);
        await SendAsync(broker, topic, how, ledger, Math.Max(how.Connections, requests / WarmupPart));
        Disk.Settle();
        Ballast.Recycle(broker.Folder, bytes);
        Effort effort = await SendAsync(broker, topic, how, ledger, requests);
        await Readback.RequireAsync(topic, ledger, template);

        long sent = requests * template.Bytes.Length;
        double megabytes = effort.MegabytesPerSecond(sent);
        double first = volume == ProduceVolume.Small ? effort.PerSecond(requests * template.Count) : megabytes;
        List<double> values = [first, effort.SecondsPerGigabyte(sent)];
        foreach (Figure more in Figures.Skip(values.Count))
            values.Add(more.Against != null ? first : 100 * megabytes / await BareMegabytesPerSecondAsync(broker, topic, how with { IsIdempotent = false }, requests));
        return [.. values];
    }

    // The same requests, to a loop that only appends them: as fast as bytes can come in on this machine.
    private async Task<double> BareMegabytesPerSecondAsync(BrokerUnderTest broker, TestTopic topic, ProducePlan how, long requests)
    {
        long bytes = requests * how.Batch.Bytes.Length;
        Ballast.Recycle(broker.Folder, bytes);
        var budget = RequestBudget.OfCount(requests);
        using var bare = new BareIngest(broker.Folder, Tier == FlushTier.Synced);
        using ProduceLoad load = await ProduceLoad.ConnectAsync(topic, how, new PartitionLedger(topic.Partitions), _ => budget, bare.EndPoint);
        return (await Effort.OfAsync(broker, load.Connections)).MegabytesPerSecond(bytes);
    }

    private static async Task<Effort> SendAsync(BrokerUnderTest broker, TestTopic topic, ProducePlan how, PartitionLedger ledger, long requests)
    {
        var budget = RequestBudget.OfCount(requests);
        using ProduceLoad load = await ProduceLoad.ConnectAsync(topic, how, ledger, _ => budget);
        return await Effort.OfAsync(broker, load.Connections);
    }
}

/// <summary>How much a <see cref="ProduceCell"/> sends, and what it counts.</summary>
internal enum ProduceVolume
{
    /// <summary>Large batches: MB/s.</summary>
    Big,

    /// <summary>Batches that are small when they travel and large when they are looked at: a quarter of the bytes, and MB/s.</summary>
    Compressed,

    /// <summary>Small batches, fewer bytes of them: records/s.</summary>
    Small,
}
