using Moldau.Storage.Files;

namespace Moldau.Simulated.Disk;

/// <summary>
/// A machine's disk in memory. What is written is visible at once; what survives <see cref="PowerCut"/> is what was flushed, and of the rest
/// a part that the seed picks: writes lost, kept, torn (at 512 B or 4 KiB) independently of each other, lengths and names likewise.
/// <see cref="Kill"/> keeps everything, as the page cache outlives a process. Handles die with either. Not thread-safe.
/// </summary>
public sealed class SimulatedDisk : IFileSystem
{
    private readonly SeededRandom random;
    private readonly TimeProvider? time;
    private readonly WorldTrace? trace;
    private readonly SortedSet<string> locks = new(StringComparer.Ordinal);
    private FolderTree tree = new(new FolderNode());
    private long? cutAt;
    private bool off;
    private DateTimeOffset frozen = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>An empty disk. Without a clock files carry one fixed modification time.</summary>
    public SimulatedDisk(ulong seed, TimeProvider? time = null, WorldTrace? trace = null)
    {
        random = new SeededRandom(seed);
        this.time = time;
        this.trace = trace;
    }

    /// <summary>Called before each operation, a read too.</summary>
    public event Action<DiskOperation>? BeforeOperation;

    /// <summary>Called when the power goes out by <see cref="CutAt"/>.</summary>
    public event Action? PowerLost;

    /// <summary>Operations so far that change something or make it durable.</summary>
    public long OperationCount { get; private set; }

    /// <summary>Failures to come.</summary>
    public DiskFaults Faults { get; } = new();

    /// <summary>Bytes the disk holds; null: no bound.</summary>
    public long? CapacityBytes { get; set; }

    internal int Boot { get; private set; }

    internal DateTimeOffset Now => time?.GetUtcNow() ?? frozen;

    /// <summary>
    /// Lets the power go out at this operation (by <see cref="OperationCount"/>, the next one is count + 1): it and every later one throws
    /// <see cref="PowerCutException"/> until <see cref="PowerCut"/> or <see cref="Kill"/>.
    /// </summary>
    public void CutAt(long operation) => cutAt = operation;

    /// <summary>Cuts the power and turns it on again.</summary>
    public void PowerCut()
    {
        Restart();
        tree.Root.PowerCut(random);
        trace?.Add(TraceEvent.Disk, 0, Boot);
    }

    /// <summary>Ends the process that used the disk.</summary>
    public void Kill()
    {
        Restart();
        trace?.Add(TraceEvent.Disk, 1, Boot);
    }

    /// <summary>
    /// A copy as of now, what is not flushed included, so that a crash image can be cut from it: much cheaper than to run again what led
    /// here. Pages are shared. The copy has no handles, locks or faults, and draws from its own seed.
    /// </summary>
    public SimulatedDisk Clone(ulong seed) => new(seed)
    {
        tree = new FolderTree(tree.Root.Clone()),
        CapacityBytes = CapacityBytes,
        OperationCount = OperationCount,
        frozen = Now,
    };

    /// <inheritdoc/>
    public IFile Open(string path, FileOpen mode)
    {
        Check();
        DiskNode? found = tree.Find(path);
        if (found is FolderNode) throw new DiskException(DiskFailure.Io, path, $"{path} is a folder");
        if (found is null || mode == FileOpen.CreateEmpty)
        {
            if (mode is FileOpen.Read or FileOpen.ReadWrite) throw new FileNotFoundException($"no file {path}", path);
            (FolderNode folder, string name) = tree.Place(path);
            Begin(DiskOperationKind.Create, path);
            found = new FileNode { Modified = Now };
            folder.Put(name, found);
        }

        return new SimulatedFile(this, (FileNode)found, path, mode != FileOpen.Read);
    }

    /// <inheritdoc/>
    public bool FileExists(string path) => Looked(path) is FileNode;

    /// <inheritdoc/>
    public bool DirectoryExists(string path) => Looked(path) is FolderNode;

    /// <inheritdoc/>
    public IReadOnlyList<string> ListFiles(string directory) => List<FileNode>(directory);

    /// <inheritdoc/>
    public IReadOnlyList<string> ListDirectories(string directory) => List<FolderNode>(directory);

    /// <inheritdoc/>
    public void CreateDirectory(string path)
    {
        Check();
        FolderNode folder = tree.Root;
        foreach (string part in FolderTree.Parts(path))
        {
            DiskNode? next = folder.Find(part);
            if (next is FileNode) throw new DiskException(DiskFailure.Io, path, $"{part} in {path} is a file");
            if (next is null)
            {
                Begin(DiskOperationKind.Create, path);
                folder.Put(part, next = new FolderNode { Modified = Now });
            }

            folder = (FolderNode)next;
        }
    }

    /// <inheritdoc/>
    public void DeleteFile(string path)
    {
        if (Looked(path) is not FileNode) return;
        (FolderNode folder, string name) = tree.Place(path);
        Begin(DiskOperationKind.Delete, path);
        folder.Remove(name);
    }

    /// <inheritdoc/>
    public void DeleteDirectory(string path)
    {
        if (Looked(path) is not FolderNode doomed) return;
        foreach ((string name, DiskNode node) in doomed.Names.ToArray())
        {
            if (node is FolderNode) DeleteDirectory($"{path}/{name}");
            else DeleteFile($"{path}/{name}");
        }

        (FolderNode folder, string last) = tree.Place(path);
        Begin(DiskOperationKind.Delete, path);
        folder.Remove(last);
    }

    /// <inheritdoc/>
    public void Rename(string from, string to)
    {
        DiskNode node = Looked(from) ?? throw new FileNotFoundException($"no file or folder {from}", from);
        (FolderNode source, string oldName) = tree.Place(from);
        (FolderNode target, string newName) = tree.Place(to);
        if (source != target) throw new NotSupportedException($"renaming {from} to {to}: a log never moves between folders");
        DiskNode? replaced = target.Find(newName);
        if (replaced is FolderNode || (replaced is not null && node is FolderNode)) throw new DiskException(DiskFailure.Io, to, $"{to} exists");
        Begin(DiskOperationKind.Rename, from, digest: WorldTrace.Digest(to));
        if (oldName != newName) source.Rename(oldName, newName);
    }

    /// <inheritdoc/>
    public long FileLength(string path)
    {
        Check();
        return tree.File(path).Length;
    }

    /// <inheritdoc/>
    public DateTimeOffset LastModified(string path) => (Looked(path) ?? throw new FileNotFoundException($"no file {path}", path)).Modified;

    /// <inheritdoc/>
    public void SetLastModified(string path, DateTimeOffset time) =>
        (Looked(path) ?? throw new FileNotFoundException($"no file {path}", path)).Modified = time;

    /// <inheritdoc/>
    public long FreeBytes(string directory)
    {
        Check();
        return CapacityBytes is { } capacity ? Math.Max(0, capacity - FolderTree.AllocatedBytes(tree.Root)) : long.MaxValue / 2;
    }

    /// <inheritdoc/>
    public long TotalBytes(string directory)
    {
        Check();
        return CapacityBytes ?? long.MaxValue / 2;
    }

    /// <inheritdoc/>
    public void FlushDirectory(string directory)
    {
        Check();
        FolderNode folder = tree.Folder(directory);
        Begin(DiskOperationKind.FlushDirectory, directory);
        folder.Flush();
    }

    /// <inheritdoc/>
    public IDisposable Lock(string path)
    {
        string file = Looked(path) is FolderNode ? $"{path}/.lock" : path;
        Open(file, FileOpen.OpenOrCreate).Dispose();
        string key = string.Join('/', FolderTree.Parts(file));
        if (!locks.Add(key)) throw new DiskException(DiskFailure.Taken, path, $"cannot lock {path}: it is taken");
        return new LockHold(this, key);
    }

    /// <summary>Lets everything throw until <see cref="PowerCut"/>.</summary>
    internal void TurnOff() => off = true;

    internal void Begin(DiskOperationKind kind, string path, long position = 0, int length = 0, ulong digest = 0)
    {
        if (Start(kind, path, position, length, digest) is { } failure) throw Failed(failure, kind, path);
    }

    internal void BeginFlush(FileNode node, string path)
    {
        if (Start(DiskOperationKind.Flush, path, 0, 0, 0) is not { } failure) return;
        node.FailFlush(random);
        throw Failed(failure, DiskOperationKind.Flush, path);
    }

    internal void BeginWrite(FileNode node, string path, long position, ReadOnlySpan<byte> source)
    {
        DiskFailure? failure = Start(DiskOperationKind.Write, path, position, source.Length, WorldTrace.Digest(source));
        int room = source.Length;
        if (failure is null && CapacityBytes is { } capacity)
        {
            long free = capacity - FolderTree.AllocatedBytes(tree.Root);
            if (node.MissingBytes(position, source.Length) > free)
            {
                failure = DiskFailure.Full;
                room = (int)Math.Clamp(free, 0, room);
            }
        }

        if (failure is not { } found) return;
        if (room > 0) node.Write(position, source[..random.Below(room)]); // a device fails in the middle
        throw Failed(found, DiskOperationKind.Write, path);
    }

    private static DiskException Failed(DiskFailure failure, DiskOperationKind kind, string path) =>
        new(failure, path, $"{path}: {kind} fails with {failure} on the simulated disk");

    private DiskFailure? Start(DiskOperationKind kind, string path, long position, int length, ulong digest)
    {
        Check();
        if (kind != DiskOperationKind.Read) OperationCount++;
        if (kind != DiskOperationKind.Read && OperationCount >= cutAt)
        {
            off = true;
            PowerLost?.Invoke();
            Check();
        }

        DiskOperation operation = new(OperationCount, kind, path, position, length);
        BeforeOperation?.Invoke(operation);
        trace?.Add(TraceEvent.Disk, ((long)kind << 32) | (uint)length, position, WorldTrace.Digest(path) ^ digest);
        trace?.Lines?.Invoke($"disk {operation.Number} {kind} {path} {position}+{length}");
        return Faults.Match(operation);
    }

    private DiskNode? Looked(string path)
    {
        Check();
        return tree.Find(path);
    }

    private string[] List<T>(string directory)
        where T : DiskNode
    {
        Check();
        return [.. tree.Folder(directory).Names.Where(entry => entry.Value is T).Select(entry => entry.Key)];
    }

    private void Check()
    {
        if (off) throw new PowerCutException("the power is off");
    }

    private void Restart()
    {
        Boot++;
        off = false;
        cutAt = null;
        locks.Clear();
    }

    private sealed class LockHold(SimulatedDisk disk, string key) : IDisposable
    {
        private readonly int boot = disk.Boot;

        public void Dispose()
        {
            if (boot == disk.Boot) disk.locks.Remove(key);
        }
    }
}
