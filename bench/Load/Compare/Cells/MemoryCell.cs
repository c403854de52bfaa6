using Moldau.Load.Compare.Brokers;

namespace Moldau.Load.Compare.Cells;

/// <summary>Resident memory when the cells before it have run on the same broker.</summary>
internal sealed class MemoryCell() : ServedCell(
    "memory", "resident memory after the cells above that ran with it, and its peak", FlushTier.PageCache,
    [new("MB under load", Bar.AtMost(0.25)), new("MB at the peak", Bar.AtMost(0.25))])
{
    public override Task<double[]> MeasureAsync(BrokerUnderTest broker, CellScale scale) => Task.FromResult<double[]>([broker.ResidentBytes / 1e6, broker.PeakBytes / 1e6]);
}
