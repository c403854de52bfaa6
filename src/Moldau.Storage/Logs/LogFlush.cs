using Moldau.Protocol;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Epochs;
using Moldau.Storage.Files;
using Moldau.Storage.Segments;

namespace Moldau.Storage.Logs;

/// <summary>How far a flush goes.</summary>
internal enum FlushScope
{
    /// <summary>Segments that are closed.</summary>
    Rolled,

    /// <summary>Everything appended.</summary>
    All,
}

/// <summary>
/// One flush of one log. What is to be made durable is collected with the gate; the flushes run without it, beside appends; then the mark
/// moves. Files are flushed in the order of the log, so what counts as flushed is always a prefix.
/// </summary>
internal static class LogFlush
{
    /// <summary>Flushes. Blocking. Returns whether the flushed offset rose.</summary>
    /// <exception cref="IOException">The directory is to go offline: what the failed flush covered may be lost.</exception>
    public static bool Run(LogState log, FlushScope scope)
    {
        // One flush of a log at a time: a second one would find the marks of what is unflushed taken, and end before the first.
        lock (log.FlushGate)
        {
            try
            {
                for (int attempt = 0; attempt < Limits.FlushRetries; attempt++)
                {
                    Plan? plan = Collect(log, scope);
                    if (plan is null) return false;
                    Execute(log, plan);
                    if (Finish(log, plan) is { } rose) return rose;
                }
            }
            catch (IOException) when (log.Closed)
            {
                // The log was deleted meanwhile and its folder renamed: nobody waits for it any more.
            }

            return false;
        }
    }

    private static void Execute(LogState log, Plan plan)
    {
        foreach (SegmentPlan step in plan.Segments) Flush(step);
        foreach (long snapshot in plan.Snapshots) log.Files.FlushIfPresent(Path.Join(log.Folder, SegmentNames.File(snapshot, SegmentNames.Snapshot)));
        if (plan.TopicId) PartitionMetadataFile.Flush(log.Files, log.Folder);
        if (plan.Epochs is { } epochs) LeaderEpochCheckpointFile.Write(log.Files, log.Folder, epochs);
        if (plan.Names) log.Files.FlushDirectory(log.Folder);
        if (plan.Names) log.Directory.FlushNames();
    }

    private static Plan? Collect(LogState log, FlushScope scope)
    {
        lock (log.Gate)
        {
            if (log.Closed) return null;
            LogSegment[] segments = log.Segments;
            LogMark target = scope == FlushScope.All ? log.End : new LogMark(log.Active.BaseOffset, log.Active.BaseOffset, 0);
            List<SegmentPlan> steps = [];
            // From one before: the segment that was flushed to its end and rolled since has indexes to flush.
            for (int i = Math.Max(0, LogState.Floor(segments, log.Flushed.Offset) - 1); i < segments.Length; i++)
            {
                bool rolled = i < segments.Length - 1;
                if (!rolled && scope == FlushScope.Rolled) break;
                bool indexes = segments[i].IndexesUnflushed;
                if (segments[i].FlushedSize < segments[i].Size || indexes || segments[i].Transactions.Dirty)
                    steps.Add(new SegmentPlan(segments[i], segments[i].Size, indexes));
            }

            if (steps.Count == 0 && !log.NamesUnflushed && !log.Epochs.Dirty && target.Offset <= log.Flushed.Offset) return null;
            var plan = new Plan(
                target, log.Truncations, steps, [.. log.UnflushedSnapshots], log.Epochs.Dirty ? log.Epochs.TakeDirty() : null, log.NamesUnflushed, log.TopicIdUnflushed, log.Removals);
            log.UnflushedSnapshots.Clear();
            log.NamesUnflushed = log.TopicIdUnflushed = false;
            log.UnflushedSinceMs = -1;
            return plan;
        }
    }

    private static void Flush(SegmentPlan step)
    {
        OpenFile file;
        try
        {
            file = step.Segment.Log.Acquire();
        }
        catch (FileNotFoundException)
        {
            // Retention took the segment away between planning and flushing: nothing of it has to last.
            return;
        }

        try
        {
            file.File.Flush();
        }
        finally
        {
            file.Release();
        }

        if (step.Indexes) step.Segment.FlushIndexes();
        else step.Segment.Transactions.Flush();
    }

    // Null when the log was truncated meanwhile: what was flushed is not what is there.
    private static bool? Finish(LogState log, Plan plan)
    {
        lock (log.Gate)
        {
            if (plan.Names) log.RemovalsFlushed = plan.Removals;
            if (log.Truncations != plan.Truncations) return null;
            foreach (SegmentPlan step in plan.Segments)
            {
                step.Segment.FlushedSize = Math.Max(step.Segment.FlushedSize, step.Bytes);
                if (step.Indexes) step.Segment.IndexesUnflushed = false;
            }

            if (plan.Target.Offset <= log.Flushed.Offset) return false;
            Invariant.That(plan.Target.Offset <= log.End.Offset);
            log.Flushed = plan.Target;
            return true;
        }
    }

    private sealed record Plan(
        LogMark Target, int Truncations, List<SegmentPlan> Segments, List<long> Snapshots, EpochStart[]? Epochs, bool Names, bool TopicId, int Removals);

    private readonly record struct SegmentPlan(LogSegment Segment, int Bytes, bool Indexes);
}
