namespace Moldau.Storage.Files;

/// <summary>
/// Bounds the log files that stay open while nothing uses them: ten thousand partitions must not be ten thousand descriptors. Second
/// chance (CLOCK): a file used since the hand last passed is spared, one that is held (a write, a flush, a region on its way to a socket)
/// is never closed. A hit takes only the file's own lock; the cache's lock is taken when a file is opened.
/// </summary>
internal sealed class FileHandleCache(IFileSystem files, int capacity = Limits.CachedFilesMax)
{
    private readonly Lock gate = new();
    private readonly Queue<OpenFile> clock = new();

    /// <summary>The file system the files are on.</summary>
    public IFileSystem Files => files;

    /// <summary>Files in the cache, for tests and metrics.</summary>
    public int Count
    {
        get
        {
            lock (gate) return clock.Count;
        }
    }

    /// <summary>Takes a file that was just opened; closes others beyond the bound. Called without a file's lock.</summary>
    public void Admit(OpenFile opened)
    {
        lock (gate)
        {
            clock.Enqueue(opened);
            // Twice round: the first may only clear the marks of use.
            for (int steps = clock.Count * 2; clock.Count > capacity && steps > 0; steps--)
            {
                OpenFile candidate = clock.Dequeue();
                if (!candidate.TryEvict()) clock.Enqueue(candidate);
            }
        }
    }
}
