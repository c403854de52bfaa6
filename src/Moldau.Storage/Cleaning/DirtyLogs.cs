using Moldau.Storage.Logs;

namespace Moldau.Storage.Cleaning;

/// <summary>
/// Which log is cleaned next: of those that are due the one with the largest dirty share. A log is cleaned by one loop at a time, and not again after it turned out
/// to be damaged. Thread-safe.
/// </summary>
internal sealed class DirtyLogs(LogStore store)
{
    private readonly Lock gate = new();
    private readonly HashSet<PartitionLog> taken = [];
    private readonly HashSet<PartitionLog> uncleanable = [];

    /// <summary>Whether a log is worth a look. Costs two reads of memory for each log, and nothing on the disk.</summary>
    public bool MayHaveWork() => store.AnyLog(static log => DirtySection.MayExist(log.State));

    /// <summary>Takes the filthiest log that is due, until <see cref="Return"/>; null when none is. May read headers.</summary>
    public (PartitionLog Log, LogState State, DirtySection Section)? Take(long nowMs)
    {
        lock (gate)
        {
            (PartitionLog Log, LogState State, DirtySection Section)? best = null;
            foreach (PartitionLog log in store.LogsWhere(static log => DirtySection.MayExist(log.State)))
            {
                if (log.Directory.IsOffline || taken.Contains(log) || uncleanable.Contains(log)) continue;
                // A log that moves has another state afterwards: everything goes by this one.
                LogState state = log.State;
                if (Look(log, state, nowMs) is { } section && section.IsDue(state.Config) && !(best?.Section.Ratio >= section.Ratio)) best = (log, state, section);
            }

            if (best is { } found) taken.Add(found.Log);
            return best;
        }
    }

    /// <summary>Gives a log back.</summary>
    public void Return(PartitionLog log)
    {
        lock (gate)
        {
            taken.Remove(log);
            uncleanable.RemoveWhere(static gone => gone.State.Closed);
        }
    }

    /// <summary>Leaves a log alone from now on, until the next start.</summary>
    public void GiveUp(PartitionLog log, IOException cause)
    {
        Log.Uncleanable(store.Logger, cause, log.Partition);
        lock (gate) uncleanable.Add(log);
    }

    private DirtySection? Look(PartitionLog log, LogState state, long nowMs)
    {
        try
        {
            return DirtySection.Of(state, nowMs);
        }
        catch (FileNotFoundException)
        {
            // Retention was faster; the next look sees another list.
            return null;
        }
        catch (IOException broken)
        {
            if (LogCleaner.IsDamage(broken)) GiveUp(log, broken);
            else if (!state.Closed) state.Directory.Fail(broken);
            return null;
        }
    }
}
