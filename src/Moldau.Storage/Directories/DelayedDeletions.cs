using Moldau.Storage.Files;

namespace Moldau.Storage.Directories;

/// <summary>Files and folders that are renamed away and removed once their delay is over. Thread-safe.</summary>
internal sealed class DelayedDeletions(IFileSystem files)
{
    private readonly Lock gate = new();
    private readonly PriorityQueue<(string Path, bool IsFolder), long> due = new();

    /// <summary>When the next one is due; <see cref="long.MaxValue"/> when there is none.</summary>
    public long NextDueMs
    {
        get
        {
            lock (gate) return due.TryPeek(out _, out long at) ? at : long.MaxValue;
        }
    }

    /// <summary>Adds one.</summary>
    public void Add(string path, bool isFolder, long atMs)
    {
        lock (gate) due.Enqueue((path, isFolder), atMs);
    }

    /// <summary>Removes what is due. A file that cannot be removed is no danger to the log: it is reported and left.</summary>
    public void Run(long nowMs, Action<string, IOException> report)
    {
        while (true)
        {
            (string Path, bool IsFolder) entry;
            lock (gate)
            {
                if (!due.TryPeek(out entry, out long at) || at > nowMs) return;
                due.Dequeue();
            }

            try
            {
                if (entry.IsFolder) files.DeleteDirectory(entry.Path);
                else files.DeleteFile(entry.Path);
            }
            catch (IOException failure)
            {
                report(entry.Path, failure);
            }
        }
    }
}
