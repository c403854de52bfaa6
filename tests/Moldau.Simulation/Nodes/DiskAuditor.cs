using Moldau.Protocol;
using Moldau.Simulated.Disk;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Directories;
using Moldau.Storage.Inspection;
using Moldau.Storage.Segments;
using Moldau.Storage.Verification;

namespace Moldau.Simulation.Nodes;

/// <summary>
/// Looks at a node's log directories while no process uses them. What clients are told is not all that a node promises: the next start, of Moldau or of Kafka, believes
/// checkpoints and indexes.
/// </summary>
internal static class DiskAuditor
{
    /// <summary>What a crash has left: whatever is below a recovery point was durable, so it is there, whole. Of topics that somebody deletes, nothing can be said.</summary>
    public static void CheckSurvivor(SimulatedDisk disk, IReadOnlyList<string> directories, Func<TopicPartition, bool> stays)
    {
        SimulatedDisk copy = disk.Clone(0);
        foreach (string directory in directories.Where(copy.DirectoryExists))
        {
            Dictionary<TopicPartition, long> cleaned = OffsetCheckpointFile.Read(copy, directory, OffsetCheckpointFile.Cleaner);
            foreach ((TopicPartition partition, long point) in OffsetCheckpointFile.Read(copy, directory, OffsetCheckpointFile.RecoveryPoint))
            {
                string folder = $"{directory}/{partition}";
                if (point == 0 || !stays(partition) || !copy.DirectoryExists(folder)) continue;
                long end = SoundEnd(copy, folder, point, isSparse: cleaned.ContainsKey(partition));
                if (end < point) throw new BrokenPromiseException($"{folder}: the recovery point says that all below {point} is durable, and the log is whole up to {end} only");
            }
        }
    }

    /// <summary>What a stop in order has left: files without any damage, and below what the cleaner says is clean each key once.</summary>
    public static void CheckStopped(SimulatedDisk disk, IReadOnlyList<string> directories)
    {
        SimulatedDisk copy = disk.Clone(0);
        foreach (string directory in directories)
        {
            if (!CleanShutdownFile.Exists(copy, directory)) throw new BrokenPromiseException($"{directory}: the node was stopped, and the directory is not closed");
            List<RawFinding> findings = [];
            new DirectoryCheck(copy, directory, findings).Run(deep: true, static (_, _) => { });
            if (findings.Exists(static finding => finding.IsDamage))
            {
                FileDamage damage = findings.Find(static finding => finding.IsDamage).Damage;
                throw new BrokenPromiseException($"{damage}, after a stop in order");
            }

            foreach ((TopicPartition partition, long cleanedTo) in OffsetCheckpointFile.Read(copy, directory, OffsetCheckpointFile.Cleaner)) CheckCleaned(copy, $"{directory}/{partition}", cleanedTo);
        }
    }

    private static long SoundEnd(SimulatedDisk disk, string folder, long point, bool isSparse)
    {
        long end = -1;
        foreach (long first in Segments(disk, folder))
        {
            if (end >= point || (end >= 0 && first > end && !isSparse)) return end;
            end = Math.Max(end, first);
            using var reader = new SegmentReader(disk, PathOf(folder, first), verify: true);
            while (reader.MoveNext() && reader.Damage is null) end = reader.Current!.LastOffset + 1;
            if (reader.Damage is not null) return end;
        }

        return end;
    }

    private static void CheckCleaned(SimulatedDisk disk, string folder, long cleanedTo)
    {
        if (!disk.DirectoryExists(folder)) return;
        SortedDictionary<string, long> keys = new(StringComparer.Ordinal);
        foreach (long first in Segments(disk, folder))
        {
            using var reader = new SegmentReader(disk, PathOf(folder, first), verify: false);
            while (reader.MoveNext() && reader.Current!.BaseOffset < cleanedTo)
            {
                if (reader.Current.IsControl) continue;
                foreach (InspectedRecord record in reader.ReadRecords())
                {
                    string key = Convert.ToHexString(record.Key ?? []);
                    if (record.Offset < cleanedTo && !keys.TryAdd(key, record.Offset))
                        throw new BrokenPromiseException($"{folder}: all below {cleanedTo} is said to be clean, and a key is there at {keys[key]} and at {record.Offset}");
                }
            }
        }
    }

    private static IEnumerable<long> Segments(SimulatedDisk disk, string folder) =>
        disk.ListFiles(folder).Where(static name => name.EndsWith(SegmentNames.Log, StringComparison.Ordinal)).Select(DataFiles.BaseOffset).OfType<long>().Order();

    private static string PathOf(string folder, long first) => $"{folder}/{SegmentNames.File(first, SegmentNames.Log)}";
}
