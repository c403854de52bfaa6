using Moldau.Protocol;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Directories;
using Moldau.Storage.Epochs;
using Moldau.Storage.Logs;
using Moldau.Storage.Segments;

namespace Moldau.Storage.Recovery;

/// <summary>What the directory's checkpoints say of a log that is opened.</summary>
/// <param name="Clean">The node was stopped cleanly: what the files say is true.</param>
/// <param name="RecoveryPoint">Everything below is durable and need not be read.</param>
/// <param name="LogStartOffset">The first offset, if it is not a segment's.</param>
/// <param name="HighWatermark">The high watermark at the last checkpoint.</param>
/// <param name="CleanedTo">How far the cleaner had come; -1 if it never cleaned the log.</param>
internal readonly record struct LogCheckpoints(bool Clean, long RecoveryPoint, long LogStartOffset, long HighWatermark, long CleanedTo = -1);

/// <summary>
/// Opens the log in a folder. After a clean stop it trusts the files and reads the active segment's end only; after a crash it reads from the
/// recovery point on and cuts the log at the first batch that is torn or damaged.
/// </summary>
internal static class LogLoader
{
    /// <summary>Opens. Reads files, blocking; flushes nothing.</summary>
    public static LogState Load(LogDirectory directory, TopicPartition partition, string folder, LogConfig config, in LogCheckpoints checkpoints, long nowMs)
    {
        var log = new LogState(directory, partition, PartitionMetadataFile.Read(directory.Files, folder) ?? Uuid.Zero, folder, config)
        {
            Epochs = new LeaderEpochs(ReadEpochs(directory, folder)),
            LogStartOffset = checkpoints.LogStartOffset,
            CheckpointedRecoveryPoint = checkpoints.RecoveryPoint,
            ConfirmedRecoveryPoint = checkpoints.RecoveryPoint,
            CleanedTo = checkpoints.CleanedTo,
        };
        LeftoverFiles.Clear(log, nowMs);
        bool complete = OpenSegments(log, nowMs);
        if (log.Segments.Length == 0) Begin(log, checkpoints.LogStartOffset, nowMs);
        log.LogStartOffset = Math.Max(checkpoints.LogStartOffset, log.Segments[0].BaseOffset);
        if (!checkpoints.Clean || !complete || !CleanOpening.Try(log, nowMs)) LogRecovery.Run(log, checkpoints.Clean ? log.Active.BaseOffset : checkpoints.RecoveryPoint, nowMs);
        if (log.End.Offset < log.LogStartOffset) StartOver(log, nowMs);
        // An epoch that begins at the very end has no record yet and is true all the same.
        log.Epochs.TruncateFromEnd(log.End.Offset + 1);
        log.Epochs.TruncateFromStart(log.LogStartOffset);
        log.SetHighWatermark(checkpoints.HighWatermark);
        if (log.Directory.Planted.ForgetsProducers) log.Producers.Clear(log.End.Offset);
        log.Verify();
        return log;
    }

    private static EpochStart[] ReadEpochs(LogDirectory directory, string folder)
    {
        try
        {
            return LeaderEpochCheckpointFile.Read(directory.Files, folder);
        }
        catch (CheckpointException damaged)
        {
            // Rewritten whole and renamed, so never torn by us; the batches that are read tell what can be known.
            Log.CheckpointIgnored(directory.Logger, damaged.Path, damaged.Message);
            return [];
        }
    }

    // Whether every segment but the last has its indexes.
    private static bool OpenSegments(LogState log, long nowMs)
    {
        var segments = new List<LogSegment>();
        bool complete = true;
        HashSet<string> names = [.. log.Files.ListFiles(log.Folder)];
        foreach (string name in names.Order(StringComparer.Ordinal))
        {
            if (!SegmentNames.TryParse(name, out long offset, out ReadOnlySpan<char> suffix)) continue;
            if (suffix.SequenceEqual(SegmentNames.Snapshot)) log.Snapshots.Add(offset);
            if (!suffix.SequenceEqual(SegmentNames.Log)) continue;
            var segment = new LogSegment(log.Directory.Handles, log.Folder, offset, nowMs, rollJitterMs: 0);
            long bytes = log.Files.FileLength(segment.Log.Path);
            if (bytes > int.MaxValue) throw new IOException($"{segment.Log.Path}: {bytes} bytes, more than a segment can have");
            segment.Opened((int)bytes, durable: true);
            segments.Add(segment);
        }

        log.Segments = [.. segments];
        for (int i = 0; i < segments.Count; i++)
        {
            bool indexed = names.Contains(SegmentNames.File(segments[i].BaseOffset, SegmentNames.OffsetIndex))
                && names.Contains(SegmentNames.File(segments[i].BaseOffset, SegmentNames.TimeIndex));
            if (indexed) continue;
            if (i == segments.Count - 1)
            {
                complete = false;
                continue;
            }

            Log.IndexRebuilt(log.Directory.Logger, log.Partition, segments[i].BaseOffset);
            IndexRebuild.Rebuild(segments[i], log.Config.IndexIntervalBytes);
            segments[i].FinishIndexes();
        }

        log.Snapshots.Sort();
        return complete;
    }

    private static void Begin(LogState log, long offset, long nowMs)
    {
        LogSegment first = LogRoll.NewSegment(log, offset, nowMs);
        first.Create();
        log.NamesUnflushed = true;
        log.Touched = true;
        log.Segments = [first];
    }

    // Files were taken away: what is left ends before the log is to begin.
    private static void StartOver(LogState log, long nowMs)
    {
        Log.LogStartsBehindEnd(log.Directory.Logger, log.Partition, log.LogStartOffset, log.End.Offset);
        LogTruncation.TruncateFully(log, log.LogStartOffset, nowMs);
    }
}
