using Moldau.Storage.Checkpoints;
using Moldau.Storage.Logs;
using Moldau.Storage.Segments;

namespace Moldau.Storage.Directories;

/// <summary>Closes a node's logs. What was not touched since it was opened is closed without work.</summary>
internal static class StoreClosing
{
    /// <summary>Closes all and gives the directories' locks back.</summary>
    public static async Task RunAsync(LogStore store, bool clean, long brokerEpoch)
    {
        PartitionLog[] logs = [.. store.Logs];
        int next = -1;
        var lanes = new Task[Math.Min(Limits.FlushLanes, logs.Length)];
        for (int i = 0; i < lanes.Length; i++) lanes[i] = LaneAsync();
        await Task.WhenAll(lanes);
        foreach (LogDirectory directory in store.Directories)
        {
            if (!directory.IsOffline) await store.Scheduler.RunBlocking(() => Mark(store, logs, directory, clean, brokerEpoch));
            directory.Hold?.Dispose();
        }

        async Task LaneAsync()
        {
            for (int i = Interlocked.Increment(ref next); i < logs.Length; i = Interlocked.Increment(ref next))
            {
                PartitionLog log = logs[i];
                await store.Scheduler.RunBlocking(() => Close(log.State, clean));
            }
        }
    }

    private static void Close(LogState log, bool clean)
    {
        try
        {
            if (clean && log.Touched && !log.Directory.IsOffline)
            {
                lock (log.Gate)
                {
                    log.Active.Trim();
                    log.Active.FinishIndexes();
                    log.Producers.EndOffset = log.End.Offset;
                    LogRoll.Snapshot(log);
                    log.NamesUnflushed = true;
                }

                log.Active.FlushIndexes();
                LogFlush.Run(log, FlushScope.All);
            }
        }
        catch (IOException broken)
        {
            log.Directory.Fail(broken);
        }
        finally
        {
            lock (log.Gate)
            {
                log.Closed = true;
                foreach (LogSegment segment in log.Segments) segment.Log.Retire();
            }
        }
    }

    private static void Mark(LogStore store, PartitionLog[] logs, LogDirectory directory, bool clean, long brokerEpoch)
    {
        try
        {
            if (!clean) return;
            directory.FlushNames();
            OffsetCheckpoints.WriteAll(directory, logs);
            CleanShutdownFile.Write(store.Files, directory.Path, brokerEpoch);
        }
        catch (IOException broken)
        {
            directory.Fail(broken);
        }
    }
}
