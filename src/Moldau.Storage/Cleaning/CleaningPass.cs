using Moldau.Protocol;
using Moldau.Storage.Indexes;
using Moldau.Storage.Logs;
using Moldau.Storage.Recovery;
using Moldau.Storage.Segments;

namespace Moldau.Storage.Cleaning;

/// <summary>What a pass did, for the log.</summary>
internal sealed record CleaningReport(long From, long To, long BytesRead, long BytesWritten, long RecordsRead, long RecordsKept, long RecordsWithoutKey);

/// <summary>
/// One cleaning of one log: the keys of its dirty part are collected, then everything up to there is written anew, a group of segments at a time, without the
/// records that a later one overrides. Works in steps of some megabytes on the blocking threads, so that flushes find them free in between, and waits between them as
/// the I/O budget demands. Nothing of the log is locked but for the moment of the swap.
/// </summary>
internal sealed class CleaningPass(LogState log, DirtySection section, CleanerLane lane)
{
    private readonly LogSegment[] segments = log.Segments;
    private readonly long now = log.Directory.NowMs;
    private long bytesRead, bytesWritten, legacyHorizonMs;

    /// <summary>Cleans. The report's end is the next dirty offset.</summary>
    /// <exception cref="CleaningAbandonedException">The log changed, or the cleaner stops.</exception>
    /// <exception cref="IOException">The disk failed, or the log is damaged.</exception>
    public async Task<CleaningReport> RunAsync()
    {
        try
        {
            await CollectKeysAsync();
            long end = lane.Keys.LatestOffset + 1;
            LogSegment[] covered = [.. segments[..^1].Where(segment => segment.BaseOffset < end)];
            await lane.Scheduler.RunBlocking(() =>
            {
                RecoveryReach.Ensure(log, section.FirstUncleanable);
                legacyHorizonMs = LegacyHorizonMs();
            });
            var rules = new CleaningRules
            {
                Latest = lane.Keys,
                Transactions = new CleanedTransactions(),
                End = section.FirstUncleanable,
                NowMs = now,
                DeleteRetentionMs = log.Config.DeleteRetentionMs,
                Planted = log.Directory.Planted,
            };
            using var filter = new BatchFilter(rules);
            foreach (LogSegment[] group in SegmentGroups.Of(covered, log.Config.SegmentBytes, log.Config.SegmentIndexBytes, section.FirstUncleanable))
                await CleanGroupAsync(group, rules, filter);
            return new CleaningReport(section.FirstDirty, end, bytesRead, bytesWritten, filter.RecordsRead, filter.RecordsKept, filter.RecordsWithoutKey);
        }
        catch (IOException failure) when (log.Closed || (failure is FileNotFoundException && HasLostSegments))
        {
            // The log was deleted and its folder renamed, or retention took a file that was to be read.
            throw new CleaningAbandonedException(log.Partition);
        }
    }

    private bool HasLostSegments => log.Truncations != section.Truncations || log.Segments[0].BaseOffset > segments[0].BaseOffset;

    private async Task CollectKeysAsync()
    {
        KeyScan? scan = null;
        try
        {
            await lane.Scheduler.RunBlocking(() => scan = new KeyScan(log, segments, section, lane.Keys, lane.BufferBytes));
            await StepsAsync((int bytesMax, out long bytes) => scan!.Step(bytesMax, out bytes));
        }
        finally
        {
            scan?.Dispose();
        }
    }

    private async Task CleanGroupAsync(LogSegment[] group, CleaningRules rules, BatchFilter filter)
    {
        CleanedSegment? target = null;
        bool swapped = false;
        try
        {
            await lane.Scheduler.RunBlocking(() => target = new CleanedSegment(log, group[0].BaseOffset, now));
            rules.Transactions.Kept = target!.Keep;
            rules.Producers = LastBatches.Of(log);
            foreach (LogSegment segment in group) await CleanInto(target, segment, rules, filter);
            await lane.Scheduler.RunBlocking(() =>
            {
                target.Finish(group[^1]);
                SegmentSwap.Run(log, group, target.Segment, section.Truncations);
            });
            swapped = true;
        }
        catch (Exception failure) when (failure is CleaningAbandonedException or Moldau.Protocol.Batches.RecordFormatException && !log.Closed)
        {
            if (target is not null) await lane.Scheduler.RunBlocking(target.Discard);
            throw;
        }
        finally
        {
            if (!swapped) target?.Segment.Log.Retire();
            target?.Dispose();
        }
    }

    private async Task CleanInto(CleanedSegment target, LogSegment segment, CleaningRules rules, BatchFilter filter)
    {
        SegmentBatches? batches = null;
        try
        {
            await lane.Scheduler.RunBlocking(() =>
            {
                int at = Array.IndexOf(segments, segment);
                rules.Transactions.Expect(LogReader.Aborted(log, segments, at, segment.BaseOffset, segments[at + 1].BaseOffset));
                rules.KeepsLegacyTombstones = log.Files.LastModified(segment.Log.Path).ToUnixTimeMilliseconds() > legacyHorizonMs;
                batches = new SegmentBatches(segment, 0, segments[at + 1].BaseOffset, lane.BufferBytes);
            });
            await StepsAsync((int bytesMax, out long bytes) => Copy(batches!, target, filter, bytesMax, out bytes));
        }
        finally
        {
            batches?.Dispose();
        }
    }

    private bool Copy(SegmentBatches batches, CleanedSegment target, BatchFilter filter, int bytesMax, out long bytes)
    {
        bytes = 0;
        bool more = true;
        while (bytes < bytesMax && (more = batches.MoveNext()))
        {
            bytes += batches.Current.Length;
            filter.Filter(batches.Current, target.Output);
            if (target.Output.Length >= lane.BufferBytes) Written(target.WriteOutput(), ref bytes);
        }

        Written(target.WriteOutput(), ref bytes);
        return more;
    }

    private void Written(int count, ref long bytes)
    {
        bytesWritten += count;
        bytes += count;
    }

    private delegate bool StepOf(int bytesMax, out long bytes);

    private async Task StepsAsync(StepOf step)
    {
        bool more = true;
        while (more)
        {
            if (lane.Rest.IsEnded || log.Closed || log.Directory.IsMoving(log.Partition) || log.Truncations != section.Truncations) throw new CleaningAbandonedException(log.Partition);
            long bytes = 0;
            await lane.Scheduler.RunBlocking(() => more = step(lane.Budget.StepBytes, out bytes));
            bytesRead += bytes;
            long wait = lane.Budget.Spend(bytes, log.Directory.NowMs);
            if (wait > 0) await lane.Rest.ForAsync(wait);
        }
    }

    // Of records in old formats only the age of the files tells when they were cleaned first.
    private long LegacyHorizonMs()
    {
        LogSegment? lastClean = Array.FindLast(segments, segment => segment.BaseOffset < section.FirstDirty);
        return lastClean is null ? 0 : log.Files.LastModified(lastClean.Log.Path).ToUnixTimeMilliseconds() - log.Config.DeleteRetentionMs;
    }
}
