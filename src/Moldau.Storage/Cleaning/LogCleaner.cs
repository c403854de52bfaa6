using Moldau.Protocol.Batches;
using Moldau.Storage.Indexes;
using Moldau.Storage.Logs;

namespace Moldau.Storage.Cleaning;

/// <summary>
/// The log cleaner: <c>log.cleaner.threads</c> loops on the scheduler, each of which cleans the filthiest log that is due, and rests for
/// <c>log.cleaner.backoff.ms</c> when none is. A log that turns out damaged is left alone, a disk that fails takes its directory offline; the loops go on either way.
/// </summary>
internal sealed class LogCleaner(LogStore store)
{
    private readonly Lock gate = new();
    private readonly DirtyLogs dirty = new(store);
    private readonly List<(CleanerLane Lane, Task Loop)> lanes = [];
    private CleanerOptions options = store.Options.Cleaner;
    private bool running;

    /// <summary>Begins.</summary>
    public void Start()
    {
        lock (gate)
        {
            running = true;
            StartLanes();
        }
    }

    /// <summary>Goes on with other options; what is being cleaned is begun anew.</summary>
    public void Configure(CleanerOptions next)
    {
        lock (gate)
        {
            if (options == next) return;
            options = next;
            EndLanes();
            lanes.RemoveAll(static lane => lane.Loop.IsCompleted);
            if (running) StartLanes();
        }
    }

    /// <summary>Ends all loops, at the latest after their current step.</summary>
    public Task StopAsync()
    {
        lock (gate)
        {
            running = false;
            EndLanes();
            return Task.WhenAll(lanes.Select(static lane => lane.Loop));
        }
    }

    /// <summary>Cleans the filthiest log that is due. False when none is.</summary>
    internal async Task<bool> CleanOneAsync(CleanerLane lane)
    {
        if (!dirty.MayHaveWork()) return false;
        (PartitionLog Log, LogState State, DirtySection Section)? found = null;
        await lane.Scheduler.RunBlocking(() => found = dirty.Take(Now()));
        if (found is not { } work) return false;
        try
        {
            await CleanAsync(work.Log, work.State, work.Section, lane);
        }
        finally
        {
            dirty.Return(work.Log);
            lane.Keys.Clear();
        }

        return true;
    }

    /// <summary>Whether a failure tells of one log's files only.</summary>
    internal static bool IsDamage(IOException failure) => failure is RecordFormatException or IndexException or FileNotFoundException or EndOfStreamException;

    private void StartLanes()
    {
        if (!options.Enabled) return;
        var budget = new IoBudget(options.IoBytesPerSecondMax);
        for (int i = 0; i < options.Threads; i++)
        {
            CleanerLane lane = CleanerLane.Of(store.Scheduler, options, budget);
            long backoff = options.BackoffMs;
            lanes.Add((lane, store.Scheduler.Start($"log-cleaner-{i}", () => RunAsync(lane, backoff))));
        }
    }

    private void EndLanes()
    {
        foreach ((CleanerLane lane, _) in lanes) lane.Rest.End();
    }

    private async Task RunAsync(CleanerLane lane, long backoffMs)
    {
        while (!lane.Rest.IsEnded)
        {
            bool cleaned = await CleanOneAsync(lane);
            if (store.AnyLog(MayRetain)) await lane.Scheduler.RunBlocking(Retain);
            if (!cleaned) await lane.Rest.ForAsync(backoffMs);
        }
    }

    // The one place where a failure of cleaning is caught.
    private async Task CleanAsync(PartitionLog log, LogState state, DirtySection section, CleanerLane lane)
    {
        try
        {
            if (state.Directory.Planted.CleanedOffsetBeforeData) await lane.Scheduler.RunBlocking(() => Note(state, section.FirstUncleanable, section.Truncations));
            CleaningReport report = await new CleaningPass(state, section, lane).RunAsync();
            await lane.Scheduler.RunBlocking(() => Note(state, report.To, section.Truncations));
            Tell(log, report);
        }
        catch (CleaningAbandonedException)
        {
            Log.CleaningAbandoned(store.Logger, log.Partition);
        }
        catch (IOException damage) when (IsDamage(damage))
        {
            dirty.GiveUp(log, damage);
        }
        catch (IOException broken)
        {
            state.Directory.Fail(broken);
        }
    }

    // After a truncation it would tell of records that are no longer there.
    private static void Note(LogState log, long cleanedTo, int truncations)
    {
        lock (log.SwapGate)
        {
            if (log.Closed || log.Truncations != truncations) return;
            log.CleanedTo = cleanedTo;
            log.Directory.WriteCleanedOffsets();
        }
    }

    private void Tell(PartitionLog log, CleaningReport report)
    {
        Log.Cleaned(store.Logger, log.Partition, report.From, report.To, report.BytesRead, report.BytesWritten, report.RecordsRead, report.RecordsKept);
        if (report.RecordsWithoutKey > 0) Log.RecordsWithoutKey(store.Logger, log.Partition, report.RecordsWithoutKey);
    }

    // Compacted logs lose what lies below their start, and what is too old if they are `compact,delete`, as soon as the cleaner comes by.
    private void Retain()
    {
        foreach (PartitionLog log in store.LogsWhere(MayRetain))
        {
            if (log.Directory.IsOffline) continue;
            try
            {
                Directories.Housekeeping.Retain(log, store.Logger, Now());
            }
            catch (IOException broken)
            {
                log.Directory.Fail(broken);
            }
        }
    }

    // A compacted log that is not deleted from loses nothing but segments below its start.
    private static bool MayRetain(PartitionLog log) =>
        log.Config.Compact && (log.Config.Delete || (log.SegmentCount > 1 && log.State.Segments[1].BaseOffset <= log.LogStartOffset));

    private long Now() => store.Scheduler.Time.GetUtcNow().ToUnixTimeMilliseconds();
}
