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
        DrawCommon(properties, random);
        Put("num.partitions", [1, 2, 3]);
        Put("offsets.topic.num.partitions", [1, 2, 4]);
        Put("group.initial.rebalance.delay.ms", [0, 300, 3000]);
        Put("log.roll.ms", [200, 2000, 604_800_000]);

        void Put(string key, int[] choices) => Draw(properties, random, key, choices);
    }

    /// <summary>Settings that make a node look after its logs all the time.</summary>
    public static void DrawUpkeep(SortedDictionary<string, string> properties, SeededRandom random)
    {
        DrawCommon(properties, random);
        Draw(properties, random, "log.cleaner.backoff.ms", [50, 1000]);
        Draw(properties, random, "log.cleaner.threads", [1, 2]);
        Draw(properties, random, "log.retention.check.interval.ms", [100, 5000]);
        properties["log.cleaner.dedupe.buffer.size"] = "4194304";
        properties["log.dirs"] = random.Pick(["/data", "/data,/data2", "/data,/data2,/data3"]);
    }

    private static void DrawCommon(SortedDictionary<string, string> properties, SeededRandom random)
    {
        Draw(properties, random, "log.flush.offset.checkpoint.interval.ms", [5, 100, 1000, 60_000]);
        Draw(properties, random, "replica.high.watermark.checkpoint.interval.ms", [100, 5000]);
        Draw(properties, random, "log.segment.delete.delay.ms", [0, 60_000]);
        Draw(properties, random, "metadata.log.max.record.bytes.between.snapshots", [500, 20_000, 20_971_520]);
        Draw(properties, random, "metadata.log.segment.ms", [1000, 604_800_000]);
    }

    private static void Draw(SortedDictionary<string, string> properties, SeededRandom random, string key, int[] choices) =>
        properties[key] = random.Pick(choices).ToString(CultureInfo.InvariantCulture);
}
