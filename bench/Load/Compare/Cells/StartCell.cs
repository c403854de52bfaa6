using Moldau.Load.Compare.Brokers;

namespace Moldau.Load.Compare.Cells;

/// <summary>A first start, and memory when nobody asks anything. Formatting is not counted where it is a step of its own, as with Kafka.</summary>
internal sealed class StartCell() : LifeCell(
    "start", "start of the process on an empty folder to the first acknowledged record; memory when then left alone for a minute",
    [new("ms to the first record", Bar.AtMost(0.1, 400)), new("MB idle", Bar.AtMost(1 / 6.0, 60))])
{
    public override async Task<double[]> MeasureAsync(Contender contender, CellScale scale)
    {
        await using BrokerUnderTest broker = await BrokerUnderTest.StartAsync(contender, Tier);
        await Task.Delay(scale.Idle);
        return [broker.Start.TotalMilliseconds, broker.ResidentBytes / 1e6];
    }
}
