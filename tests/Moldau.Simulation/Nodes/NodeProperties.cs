using System.Globalization;
using Moldau.Simulated;

namespace Moldau.Simulation.Nodes;

/// <summary>
/// Settings that bring rare work on often: small topics, short segments, checkpoints and snapshots all the time. Drawn anew for each seed.
/// </summary>
internal static class NodeProperties
{
    public static void Draw(SortedDictionary<string, string> properties, SeededRandom random)
    {
        Put("num.partitions", [1, 2, 3]);
        Put("offsets.topic.num.partitions", [1, 2, 4]);
        Put("group.initial.rebalance.delay.ms", [0, 300, 3000]);
        Put("log.roll.ms", [200, 2000, 604_800_000]);
        Put("log.flush.offset.checkpoint.interval.ms", [100, 1000, 60_000]);
        Put("replica.high.watermark.checkpoint.interval.ms", [100, 5000]);
        Put("log.segment.delete.delay.ms", [0, 60_000]);
        Put("metadata.log.max.record.bytes.between.snapshots", [500, 20_000, 20_971_520]);
        Put("metadata.log.segment.ms", [1000, 604_800_000]);

        void Put(string key, int[] choices) => properties[key] = random.Pick(choices).ToString(CultureInfo.InvariantCulture);
    }
}
