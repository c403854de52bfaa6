using Moldau.Protocol;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Logs;
using Moldau.Storage.Recovery;

namespace Moldau.Storage.Directories;

/// <summary>Writes a directory's offset checkpoints. Blocking.</summary>
internal static class OffsetCheckpoints
{
    /// <summary>All of them, when the directory is closed.</summary>
    public static void WriteAll(LogDirectory directory, IEnumerable<PartitionLog> logs)
    {
        PartitionLog[] own = [.. logs.Where(log => log.Directory == directory)];
        WriteRecoveryPointFile(directory, own);
        WriteLogStarts(directory, own);
        WriteHighWatermarks(directory, own);
    }

    /// <summary>
    /// The recovery points, after saving enough producer snapshots and indexes that a restart reads little: the logs with most bytes since their
    /// last snapshot come first, until what remains is below the bound.
    /// </summary>
    public static void WriteRecoveryPoints(LogDirectory directory, IEnumerable<PartitionLog> logs)
    {
        directory.CheckpointBegins();
        PartitionLog[] own = [.. logs.Where(log => log.Directory == directory)];
        if (directory.FlushPolicy == FlushPolicy.Fsync) Save(own);
        WriteRecoveryPointFile(directory, own);
        foreach (PartitionLog log in own)
        {
            lock (log.State.Gate)
            {
                if (!log.State.Closed) StraySnapshots.Clear(log.State, log.State.Flushed.Offset);
            }
        }
    }

    /// <summary>First offsets, of logs where it is not simply the first segment's.</summary>
    public static void WriteLogStarts(LogDirectory directory, IEnumerable<PartitionLog> logs) => Write(directory, logs, OffsetCheckpointFile.LogStart);

    /// <summary>High watermarks.</summary>
    public static void WriteHighWatermarks(LogDirectory directory, IEnumerable<PartitionLog> logs) => Write(directory, logs, OffsetCheckpointFile.HighWatermark);

    /// <summary>The recovery points as they are, nothing saved before: also when a truncation lowers one.</summary>
    public static void WriteRecoveryPointFile(LogDirectory directory, IEnumerable<PartitionLog> logs)
    {
        PartitionLog[] own = [.. logs.Where(log => log.Directory == directory)];
        lock (directory.CheckpointGate)
        {
            Write(directory, own, OffsetCheckpointFile.RecoveryPoint);
            foreach (PartitionLog log in own) log.State.ConfirmedRecoveryPoint = log.State.CheckpointedRecoveryPoint;
        }
    }

    /// <summary>How far the cleaner has come, for logs that it has cleaned.</summary>
    public static void WriteCleaned(LogDirectory directory, IEnumerable<PartitionLog> logs) => Write(directory, logs, OffsetCheckpointFile.Cleaner);

    /// <summary>One of the files, by name, without one of the partitions.</summary>
    public static void WriteWithout(LogDirectory directory, IEnumerable<PartitionLog> logs, string name, TopicPartition partition) =>
        Write(directory, logs.Where(log => log.Partition != partition), name);

    private static void Save(PartitionLog[] logs)
    {
        long unsaved = logs.Sum(static log => log.State.BytesSinceSnapshot);
        foreach (PartitionLog log in logs.OrderByDescending(static log => log.State.BytesSinceSnapshot))
        {
            if (unsaved <= Limits.RecoveryScanBytesKept) break;
            unsaved -= log.State.BytesSinceSnapshot;
            Segments.LogSegment active;
            lock (log.State.Gate)
            {
                if (log.State.Closed) continue;
                LogRoll.Snapshot(log.State);
                active = log.State.Active;
                active.Offsets.File.Persist();
                active.Times.File.Persist();
                log.State.NamesUnflushed = true;
            }

            active.FlushIndexes();
            LogFlush.Run(log.State, FlushScope.All);
        }
    }

    private static void Write(LogDirectory directory, IEnumerable<PartitionLog> logs, string name)
    {
        // Two writers of one file would meet on its temporary name; and the offsets must be no older than those in the file.
        lock (directory.CheckpointGate)
        {
            // What changes from here on is for the next one.
            if (name == OffsetCheckpointFile.LogStart) directory.LogStartsChanged = false;
            var offsets = new List<KeyValuePair<TopicPartition, long>>();
            foreach (PartitionLog log in logs.OrderBy(static log => log.Partition.Topic, StringComparer.Ordinal).ThenBy(static log => log.Partition.Partition))
            {
                if (log.Directory == directory && log.Partition != WellKnown.ClusterMetadata && OffsetFor(name, log.State) is { } offset)
                    offsets.Add(KeyValuePair.Create(log.Partition, offset));
            }

            try
            {
                OffsetCheckpointFile.Write(directory.Files, directory.Path, name, offsets);
            }
            catch (IOException)
            {
                if (name == OffsetCheckpointFile.LogStart) directory.LogStartsChanged = true;
                throw;
            }

            directory.Checkpointed[name] = [.. offsets.Select(static entry => entry.Key)];
        }
    }

    private static long? OffsetFor(string name, LogState log) => name switch
    {
        OffsetCheckpointFile.RecoveryPoint => log.CheckpointedRecoveryPoint = log.Directory.Planted.CheckpointBeforeData ? log.End.Offset : log.Flushed.Offset,
        OffsetCheckpointFile.HighWatermark => log.HighWatermark,
        OffsetCheckpointFile.Cleaner => log.CleanedTo >= 0 ? log.CleanedTo : null,
        _ => log.LogStartOffset > log.Segments[0].BaseOffset ? log.LogStartOffset : null,
    };
}
