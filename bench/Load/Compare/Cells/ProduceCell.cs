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
    private const int WarmupPart = 16;

    public override async Task<double[]> MeasureAsync(BrokerUnderTest broker, CellScale scale)
    {
        BatchTemplate template = batch();
        ProducePlan how = plan(template);
        long bytes = volume == ProduceVolume.Small ? scale.SmallBytes : scale.BigBytes;
        long requests = Math.Max(how.Connections, bytes / template.Bytes.Length);
        await using TestTopic topic = await TestTopic.CreateAsync(broker, Name, partitions);
        var ledger = new PartitionLedger(partitions);
        await SendAsync(broker, topic, how, ledger, Math.Max(how.Connections, requests / WarmupPart));
        Disk.Settle();
        Ballast.Recycle(broker.Folder, bytes);
        Effort effort = await SendAsync(broker, topic, how, ledger, requests);
        await Readback.RequireAsync(topic, ledger, template);

        long sent = requests * template.Bytes.Length;
        double first = volume == ProduceVolume.Small ? effort.PerSecond(requests * template.Count) : effort.MegabytesPerSecond(sent);
        return Figures.Count == 3
            ? [first, effort.SecondsPerGigabyte(sent), first]
            : [first, effort.SecondsPerGigabyte(sent)];
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

    /// <summary>Small batches, fewer bytes of them: records/s.</summary>
    Small,
}
