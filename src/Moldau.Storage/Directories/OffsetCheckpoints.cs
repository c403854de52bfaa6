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
            LogState state = log.State;
            lock (state.Gate)
            {
                if (!state.Closed) StraySnapshots.Clear(state, state.Flushed.Offset);
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

    /// <summary>What a restart must know of a log that is about to move into the directory: where it begins, and that it is durable.</summary>
    public static void WriteIncoming(LogDirectory directory, IEnumerable<PartitionLog> logs, LogState incoming)
    {
        Write(directory, logs, OffsetCheckpointFile.LogStart, incoming);
        Write(directory, logs, OffsetCheckpointFile.RecoveryPoint, incoming);
        Write(directory, logs, OffsetCheckpointFile.HighWatermark, incoming);
        if (incoming.CleanedTo >= 0) Write(directory, logs, OffsetCheckpointFile.Cleaner, incoming);
        incoming.ConfirmedRecoveryPoint = incoming.CheckpointedRecoveryPoint;
    }

    /// <summary>One of the files, by name, without one of the partitions.</summary>
    public static void WriteWithout(LogDirectory directory, IEnumerable<PartitionLog> logs, string name, TopicPartition partition) =>
        Write(directory, logs.Where(log => log.Partition != partition), name);

    private static void Save(PartitionLog[] logs)
    {
        long unsaved = logs.Sum(static log => log.State.BytesSinceSnapshot);
        foreach (LogState log in logs.Select(static log => log.State).OrderByDescending(static log => log.BytesSinceSnapshot))
        {
            if (unsaved <= Limits.RecoveryScanBytesKept) break;
            unsaved -= log.BytesSinceSnapshot;
            Segments.LogSegment active;
            lock (log.Gate)
            {
                if (log.Closed) continue;
                LogRoll.Snapshot(log);
                active = log.Active;
                active.Offsets.File.Persist();
                active.Times.File.Persist();
                log.NamesUnflushed = true;
            }

            active.FlushIndexes();
            LogFlush.Run(log, FlushScope.All);
        }
    }

    private static void Write(LogDirectory directory, IEnumerable<PartitionLog> logs, string name, LogState? incoming = null)
    {
        // Two writers of one file would meet on its temporary name; and the offsets must be no older than those in the file.
        lock (directory.CheckpointGate)
        {
            // What changes from here on is for the next one.
            if (name == OffsetCheckpointFile.LogStart) directory.LogStartsChanged = false;
            var offsets = new List<KeyValuePair<TopicPartition, long>>();
            foreach (PartitionLog log in logs.OrderBy(static log => log.Partition.Topic, StringComparer.Ordinal).ThenBy(static log => log.Partition.Partition))
            {
                LogState state = log.State;
                // A log that is about to move in is written before the folder has its name; where it is still, it is not closed yet.
                if (incoming?.Partition == log.Partition) state = incoming;
                if (state.Directory == directory && log.Partition != WellKnown.ClusterMetadata && OffsetFor(name, state) is { } offset)
                    offsets.Add(KeyValuePair.Create(log.Partition, offset));
            }

            foreach (LogState copy in directory.Awaiting)
            {
                if (OffsetFor(name, copy) is { } offset && !offsets.Exists(entry => entry.Key == copy.Partition)) offsets.Add(KeyValuePair.Create(copy.Partition, offset));
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
        OffsetCheckpointFile.RecoveryPoint => log.CheckpointedRecoveryPoint = log.Directory.Planted.RecoveryPointBeforeData ? log.End.Offset : log.Flushed.Offset,
        OffsetCheckpointFile.HighWatermark => log.HighWatermark,
        OffsetCheckpointFile.Cleaner => log.CleanedTo >= 0 ? log.CleanedTo : null,
        // As long as a power cut can bring removed segments back, it is not simply the first segment's: what was deleted would be there again.
        _ => log.LogStartOffset > log.Segments[0].BaseOffset || log.Removals != log.RemovalsFlushed ? log.LogStartOffset : null,
    };
}
