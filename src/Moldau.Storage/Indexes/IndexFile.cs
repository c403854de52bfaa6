using Moldau.Protocol;
using Moldau.Storage.Files;

namespace Moldau.Storage.Indexes;

/// <summary>
/// Entries of one fixed size in a file: what offset and time index share. New entries collect in memory and reach the file when the
/// segment is rolled, flushed for a checkpoint or closed, or the memory is full; the file is opened for each look-up and closed again.
/// Written under the log's lock; read without one, through an immutable view of "so many in the file, then these".
/// </summary>
internal sealed class IndexFile(IFileSystem files, string path, int entryBytes)
{
    private string path = path;
    private volatile View view = View.Unknown;

    /// <summary>Entries; the file is asked once.</summary>
    public int Count => Current.Count;

    /// <summary>Whether the file must be written before it can stand for all entries.</summary>
    public bool HasPending => view.Pending > 0 || !view.Exists;

    /// <summary>Where the file is.</summary>
    public string Path => path;

    /// <summary>The view to search in.</summary>
    public View Current
    {
        get
        {
            View now = view;
            if (now != View.Unknown) return now;
            bool exists = files.FileExists(path);
            view = now = new View(exists ? checked((int)(files.FileLength(path) / entryBytes)) : 0, exists);
            return now;
        }
    }

    /// <summary>Whether the file is there and a whole number of entries long.</summary>
    public bool IsWhole => files.FileExists(path) && files.FileLength(path) % entryBytes == 0;

    /// <summary>Adds an entry.</summary>
    public void Append(ReadOnlySpan<byte> entry)
    {
        Invariant.That(entry.Length == entryBytes);
        View now = Current;
        if (now.Pending == Limits.PendingIndexEntriesMax)
        {
            Persist();
            now = view;
        }

        view = now.Add(entry);
    }

    /// <summary>Writes what is in memory to the file, making it if it is absent. Not a flush.</summary>
    public void Persist()
    {
        View now = Current;
        if (now.Pending == 0 && now.Exists) return;
        using (IFile file = files.Open(path, FileOpen.OpenOrCreate))
        {
            long end = (long)now.InFile * entryBytes;
            if (file.Length > end) file.SetLength(end);
            if (now.Pending > 0) file.Write(end, now.PendingBytes(entryBytes));
        }

        view = new View(now.Count, exists: true);
    }

    /// <summary>Makes the file durable. Blocking.</summary>
    public void Flush() => files.FlushIfPresent(path);

    /// <summary>Keeps the first entries only, in the file too.</summary>
    public void Truncate(int count)
    {
        View now = Current;
        Invariant.That(count <= now.Count);
        if (count >= now.InFile)
        {
            view = now.Keep(count - now.InFile);
            return;
        }

        using (IFile file = files.Open(path, FileOpen.OpenOrCreate)) file.SetLength((long)count * entryBytes);
        view = new View(count, exists: true);
    }

    /// <summary>The folder was renamed: the file is there now.</summary>
    public void Relocate(string to) => path = to;

    /// <summary>Renames the file if there is one.</summary>
    public void Rename(string to)
    {
        if (files.FileExists(path)) files.Rename(path, to);
        path = to;
    }

    /// <summary>Opens a view for reading entries.</summary>
    public Reader Read() => new(files, path, entryBytes, Current);

    /// <summary>So many entries in the file, then those in memory. Entries in memory are only ever added behind what a view counts.</summary>
    internal sealed class View
    {
        public static readonly View Unknown = new(0, exists: false);

        private readonly byte[] pending;

        public View(int inFile, bool exists) : this(inFile, exists, [], 0)
        {
        }

        private View(int inFile, bool exists, byte[] pending, int count)
        {
            InFile = inFile;
            Exists = exists;
            this.pending = pending;
            Pending = count;
        }

        public int InFile { get; }

        public bool Exists { get; }

        public int Pending { get; }

        public int Count => InFile + Pending;

        public ReadOnlySpan<byte> PendingBytes(int entryBytes) => pending.AsSpan(0, Pending * entryBytes);

        public View Add(ReadOnlySpan<byte> entry)
        {
            byte[] target = pending;
            int at = Pending * entry.Length;
            if (at + entry.Length > target.Length)
            {
                target = new byte[Math.Max(entry.Length * 4, target.Length * 2)];
                pending.AsSpan(0, at).CopyTo(target);
            }

            entry.CopyTo(target.AsSpan(at));
            return new View(InFile, Exists, target, Pending + 1);
        }

        // A copy: what lies behind the kept entries is overwritten next, and an older view may still read it.
        public View Keep(int count) => new(InFile, Exists, pending.ToArray(), count);
    }

    /// <summary>
    /// Reads entries of one view; opens the file only if an entry in it is asked for. A class: each copy of a struct would open the file
    /// for itself, and only one of them would close it.
    /// </summary>
    internal sealed class Reader(IFileSystem files, string path, int entryBytes, View view) : IDisposable
    {
        private IFile? file;

        public int Count => view.Count;

        public void Entry(int index, Span<byte> target)
        {
            Invariant.That(index >= 0 && index < view.Count);
            if (index >= view.InFile)
            {
                view.PendingBytes(entryBytes).Slice((index - view.InFile) * entryBytes, entryBytes).CopyTo(target);
                return;
            }

            file ??= files.Open(path, FileOpen.Read);
            if (file.Read((long)index * entryBytes, target[..entryBytes]) != entryBytes)
                throw new IndexException(path, $"entry {index} is not in the file");
        }

        public void Dispose() => file?.Dispose();
    }
}

/// <summary>An index that does not fit its log. It is rebuilt.</summary>
internal sealed class IndexException(string path, string reason) : IOException($"{path}: {reason}");
