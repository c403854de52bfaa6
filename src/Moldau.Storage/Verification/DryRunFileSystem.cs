using Moldau.Storage.Files;
using Moldau.Storage.Segments;

namespace Moldau.Storage.Verification;

/// <summary>
/// A file system over another that is only read: what is written, cut, renamed and removed is remembered and seen from here alone. A start that runs on it
/// tells what a start would do. Thread-safe.
/// </summary>
internal sealed class DryRunFileSystem(IFileSystem disk) : IFileSystem
{
    private readonly Dictionary<string, DryRunContent?> files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> folders = new(StringComparer.Ordinal);
    private int pages;

    /// <summary>What lies below.</summary>
    public IFileSystem Disk => disk;

    /// <summary>Taken by whoever touches the run's state, its open files too.</summary>
    public Lock Gate { get; } = new();

    /// <summary>What became of a file that the disk has.</summary>
    public (StartOutcome Outcome, long Length) ChangeOf(string path)
    {
        lock (Gate)
        {
            long before = disk.FileLength(path);
            if (!files.TryGetValue(path, out DryRunContent? now)) return (StartOutcome.Kept, before);
            if (now is null)
            {
                string? moved = files.FirstOrDefault(file => file.Value?.Source == path).Key;
                return (moved is null || moved.EndsWith(SegmentNames.Deleted, StringComparison.Ordinal) ? StartOutcome.Removed : StartOutcome.Renamed, 0);
            }

            if (now.Source != path || now.IsWritten || now.SourceBytes < Math.Min(now.Length, before)) return (StartOutcome.Rebuilt, now.Length);
            return now.Length < before ? (StartOutcome.Cut, now.Length) : (StartOutcome.Kept, before);
        }
    }

    /// <inheritdoc/>
    public IFile Open(string path, FileOpen mode)
    {
        lock (Gate)
        {
            DryRunContent? content = Find(path);
            if (mode == FileOpen.CreateEmpty || (content is null && mode == FileOpen.OpenOrCreate)) files[path] = content = new DryRunContent(this, null, 0);
            if (content is null) throw new FileNotFoundException($"{path}: there is no such file", path);
            return new DryRunFile(this, content, content.Source is { } source && content.SourceBytes > 0 ? disk.Open(source, FileOpen.Read) : null);
        }
    }

    /// <inheritdoc/>
    public bool FileExists(string path)
    {
        lock (Gate) return files.TryGetValue(path, out DryRunContent? content) ? content is not null : disk.FileExists(path);
    }

    /// <inheritdoc/>
    public bool DirectoryExists(string path)
    {
        lock (Gate) return folders.TryGetValue(path, out bool exists) ? exists : disk.DirectoryExists(path);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ListFiles(string directory)
    {
        lock (Gate)
        {
            var names = new SortedSet<string>(disk.DirectoryExists(directory) ? disk.ListFiles(directory) : [], StringComparer.Ordinal);
            foreach ((string path, DryRunContent? content) in files)
            {
                if (Path.GetDirectoryName(path) != directory) continue;
                if (content is null) names.Remove(Path.GetFileName(path));
                else names.Add(Path.GetFileName(path));
            }

            return [.. names];
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ListDirectories(string directory)
    {
        lock (Gate)
        {
            var names = new SortedSet<string>(disk.DirectoryExists(directory) ? disk.ListDirectories(directory) : [], StringComparer.Ordinal);
            foreach ((string path, bool exists) in folders)
            {
                if (Path.GetDirectoryName(path) != directory) continue;
                if (exists) names.Add(Path.GetFileName(path));
                else names.Remove(Path.GetFileName(path));
            }

            return [.. names];
        }
    }

    /// <inheritdoc/>
    public void CreateDirectory(string path)
    {
        lock (Gate) folders[path] = true;
    }

    /// <inheritdoc/>
    public void DeleteFile(string path)
    {
        lock (Gate) files[path] = null;
    }

    /// <inheritdoc/>
    public void DeleteDirectory(string path)
    {
        lock (Gate)
        {
            foreach (string name in ListFiles(path)) files[Path.Join(path, name)] = null;
            folders[path] = false;
        }
    }

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        lock (Gate)
        {
            if (DirectoryExists(from))
            {
                foreach (string name in ListFiles(from)) RenameFile(Path.Join(from, name), Path.Join(to, name));
                folders[from] = false;
                folders[to] = true;
            }
            else
            {
                RenameFile(from, to);
            }
        }
    }

    /// <inheritdoc/>
    public long FileLength(string path)
    {
        lock (Gate) return files.TryGetValue(path, out DryRunContent? content) && content is not null ? content.Length : disk.FileLength(path);
    }

    /// <inheritdoc/>
    public DateTimeOffset LastModified(string path)
    {
        lock (Gate) return disk.LastModified(files.TryGetValue(path, out DryRunContent? content) && content?.Source is { } source ? source : path);
    }

    /// <inheritdoc/>
    public void SetLastModified(string path, DateTimeOffset time)
    {
    }

    /// <inheritdoc/>
    public long FreeBytes(string directory) => disk.FreeBytes(directory);

    /// <inheritdoc/>
    public long TotalBytes(string directory) => disk.TotalBytes(directory);

    /// <inheritdoc/>
    public void FlushDirectory(string directory)
    {
    }

    /// <inheritdoc/>
    public IDisposable Lock(string path) => new Nothing();

    /// <summary>Counts a page that is kept in memory.</summary>
    /// <exception cref="IOException">There are too many.</exception>
    public void CountPage()
    {
        if (++pages > Limits.DryRunPagesMax) throw new IOException("a start would write more than can be kept in memory here");
    }

    private void RenameFile(string from, string to)
    {
        DryRunContent content = Find(from) ?? throw new FileNotFoundException($"{from}: there is no such file", from);
        files[from] = null;
        files[to] = content;
    }

    private DryRunContent? Find(string path)
    {
        if (files.TryGetValue(path, out DryRunContent? known)) return known;
        if (!disk.FileExists(path)) return null;
        return files[path] = new DryRunContent(this, path, disk.FileLength(path));
    }

    private sealed class Nothing : IDisposable
    {
        public void Dispose()
        {
        }
    }
}
