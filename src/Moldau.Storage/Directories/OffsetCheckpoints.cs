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
    public static void WriteLogStarts(LogDirectory directory, IEnumerable<PartitionLog> logs)
    {
        directory.LogStartsChanged = false;
        Write(directory, logs.Where(static log => log.State.LogStartOffset > log.State.Segments[0].BaseOffset), OffsetCheckpointFile.LogStart, static log => log.LogStartOffset);
    }

    /// <summary>High watermarks.</summary>
    public static void WriteHighWatermarks(LogDirectory directory, IEnumerable<PartitionLog> logs) =>
        Write(directory, logs, OffsetCheckpointFile.HighWatermark, static log => log.HighWatermark);

    /// <summary>The recovery points as they are, nothing saved before: also when a truncation lowers one.</summary>
    public static void WriteRecoveryPointFile(LogDirectory directory, IEnumerable<PartitionLog> logs)
    {
        PartitionLog[] own = [.. logs.Where(log => log.Directory == directory)];
        bool early = directory.Planted.CheckpointBeforeData;
        lock (directory.CheckpointGate)
        {
            Write(directory, own, OffsetCheckpointFile.RecoveryPoint, log => log.CheckpointedRecoveryPoint = early ? log.End.Offset : log.Flushed.Offset);
            foreach (PartitionLog log in own) log.State.ConfirmedRecoveryPoint = log.State.CheckpointedRecoveryPoint;
        }
    }

    /// <summary>How far the cleaner has come, for logs that it has cleaned.</summary>
    public static void WriteCleaned(LogDirectory directory, IEnumerable<PartitionLog> logs)
    {
        directory.CleanedOffsetsChanged = false;
        Write(directory, logs.Where(static log => log.State.CleanedTo >= 0), OffsetCheckpointFile.Cleaner, static log => log.CleanedTo);
    }

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

    private static void Write(LogDirectory directory, IEnumerable<PartitionLog> logs, string name, Func<LogState, long> offset)
    {
        // Two writers of one file would meet on its temporary name; and the offsets must be no older than those in the file.
        lock (directory.CheckpointGate)
        {
            KeyValuePair<TopicPartition, long>[] offsets =
            [
                .. logs.Where(log => log.Directory == directory && log.Partition != WellKnown.ClusterMetadata)
                    .Select(log => KeyValuePair.Create(log.Partition, offset(log.State)))
                    .OrderBy(static entry => entry.Key.Topic, StringComparer.Ordinal).ThenBy(static entry => entry.Key.Partition),
            ];
            OffsetCheckpointFile.Write(directory.Files, directory.Path, name, offsets);
        }
    }
}
