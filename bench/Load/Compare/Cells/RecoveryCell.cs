using Moldau.Load.Compare.Brokers;
using Moldau.Load.Compare.Wire;

namespace Moldau.Load.Compare.Cells;

/// <summary>A broker full of data is killed, and stopped in peace, and started on what it left.</summary>
internal sealed class RecoveryCell(int partitions, bool isStoppedToo) : LifeCell(
    $"recovery-{partitions}", $"10 GB in {partitions} partition{(partitions == 1 ? "" : "s")}: from the start of the process to the first acknowledged record and the end offset of every partition", FiguresOf(isStoppedToo))
{
    public override bool IsDefault => false;

    public override async Task<double[]> MeasureAsync(Contender contender, CellScale scale)
    {
        BatchTemplate template = BatchTemplate.OfBytes(256 * 1024, 1024);
        await using BrokerUnderTest broker = await BrokerUnderTest.StartAsync(contender, Tier);
        TestTopic topic = await TestTopic.CreateAsync(broker, Name, partitions);
        var ledger = new PartitionLedger(partitions);
        await Filling.WriteAsync(topic, template, ledger, scale.FillBytes);
        TimeSpan killed = await broker.StartAgainAsync(kill: true, topic);
        await Readback.RequireAsync(topic, ledger, template);
        if (!isStoppedToo) return [killed.TotalSeconds];
        TimeSpan stopped = await broker.StartAgainAsync(kill: false, topic);
        ledger.RequireEnds(await topic.EndsAsync());
        return [killed.TotalSeconds, stopped.TotalSeconds];
    }

    private static IReadOnlyList<Figure> FiguresOf(bool isStoppedToo)
    {
        var killed = new Figure("s after kill -9", Bar.AtMost(0.1, 2));
        return isStoppedToo ? [killed, new Figure("s after a stop", Bar.AtMost(0.2))] : [killed];
    }
}
