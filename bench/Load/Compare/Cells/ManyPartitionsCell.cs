using Moldau.Load.Compare.Brokers;
using Moldau.Load.Partitions;

namespace Moldau.Load.Compare.Cells;

/// <summary>The partitions bench as a cell. Moldau is as it is by default: the bars are about itself.</summary>
internal sealed class ManyPartitionsCell() : LifeCell(
    "partitions", "10,000 partitions: created, one record to each, left alone for ten seconds, started again",
    [
        new("s to create", new Bar(false, null, 5)), new("MB added", new Bar(false, null, 150)), new("% of a core when idle", new Bar(false, null, 1)),
        new("s to start again", new Bar(false, null, 3)),
    ])
{
    public override bool IsDefault => false;

    public override FlushTier Tier => FlushTier.Synced;

    public override async Task<double[]> MeasureAsync(Contender contender, CellScale scale)
    {
        PartitionsSample sample = await PartitionsBench.MeasureAsync(contender.Program, new PartitionsOptions { Count = scale.Partitions });
        return [sample.Create.TotalSeconds, sample.AddedBytes / 1e6, sample.IdleShare * 100, sample.Restart.TotalSeconds];
    }
}
