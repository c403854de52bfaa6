namespace Moldau.Storage.Files;

/// <summary>The machine's own file system. Thread-safe and without state; failures come out as <see cref="DiskException"/>.</summary>
public sealed class PhysicalFileSystem : IFileSystem
{
    /// <inheritdoc/>
    public IFile Open(string path, FileOpen mode)
    {
        try
        {
            return new PhysicalFile(path, mode == FileOpen.CreateEmpty ? CreateAnew(path) : OpenHandle(path, mode));
        }
        catch (DirectoryNotFoundException missing) when (mode is FileOpen.Read or FileOpen.ReadWrite)
        {
            throw new FileNotFoundException(missing.Message, path, missing);
        }
        catch (Exception failure) when (DiskErrors.IsForeign(failure))
        {
            throw DiskErrors.From(failure, path);
        }
    }

    /// <inheritdoc/>
    public bool FileExists(string path) => File.Exists(path);

    /// <inheritdoc/>
    public bool DirectoryExists(string path) => Directory.Exists(path);

    /// <inheritdoc/>
    public IReadOnlyList<string> ListFiles(string directory) => DiskErrors.Translate(directory, () => Names(Directory.GetFiles(directory)));

    /// <inheritdoc/>
    public IReadOnlyList<string> ListDirectories(string directory) => DiskErrors.Translate(directory, () => Names(Directory.GetDirectories(directory)));

    /// <inheritdoc/>
    public void CreateDirectory(string path) => DiskErrors.Translate(path, () => Directory.CreateDirectory(path));

    /// <inheritdoc/>
    public void DeleteFile(string path) => DiskErrors.Translate(path, () =>
    {
        if (File.Exists(path)) File.Delete(path);
    });

    /// <inheritdoc/>
    public void DeleteDirectory(string path) => DiskErrors.Translate(path, () =>
    {
        if (Directory.Exists(path)) Directory.Delete(path, recursive: true);
    });

    /// <inheritdoc/>
    public void Rename(string from, string to) => DiskErrors.Translate(from, () =>
    {
        if (Directory.Exists(from)) Directory.Move(from, to);
        else File.Move(from, to, overwrite: true);
    });

    /// <inheritdoc/>
    public long FileLength(string path) => DiskErrors.Translate(path, () => new FileInfo(path).Length);

    /// <inheritdoc/>
    public DateTimeOffset LastModified(string path) => DiskErrors.Translate(path, () =>
    {
        // The framework answers the year 1601 for a file that is not there.
        if (!Path.Exists(path)) throw new FileNotFoundException($"no file {path}", path);
        return new DateTimeOffset(File.GetLastWriteTimeUtc(path), TimeSpan.Zero);
    });

    /// <inheritdoc/>
    public void SetLastModified(string path, DateTimeOffset time) =>
        DiskErrors.Translate(path, () => File.SetLastWriteTimeUtc(path, time.UtcDateTime));

    /// <inheritdoc/>
    public long FreeBytes(string directory) =>
        DiskErrors.Translate(directory, () => new DriveInfo(Path.GetFullPath(directory)).AvailableFreeSpace);

    /// <inheritdoc/>
    public long TotalBytes(string directory) =>
        DiskErrors.Translate(directory, () => new DriveInfo(Path.GetFullPath(directory)).TotalSize);

    /// <inheritdoc/>
    public void FlushDirectory(string directory)
    {
        if (!OperatingSystem.IsWindows()) UnixFiles.FlushDirectory(directory);
    }

    /// <inheritdoc/>
    public IDisposable Lock(string path) => DirectoryLock.Take(Directory.Exists(path) ? Path.Combine(path, ".lock") : path);

    private static Microsoft.Win32.SafeHandles.SafeFileHandle OpenHandle(string path, FileOpen mode) => File.OpenHandle(
        path,
        mode == FileOpen.OpenOrCreate ? FileMode.OpenOrCreate : FileMode.Open,
        mode == FileOpen.Read ? FileAccess.Read : FileAccess.ReadWrite,
        FileShare.ReadWrite | FileShare.Delete);

    // Not by truncating: a region of the old file may still be on its way to a client.
    private static Microsoft.Win32.SafeHandles.SafeFileHandle CreateAnew(string path)
    {
        File.Delete(path);
        return File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
    }

    private static string[] Names(string[] paths)
    {
        for (int i = 0; i < paths.Length; i++) paths[i] = Path.GetFileName(paths[i]);
        Array.Sort(paths, StringComparer.Ordinal);
        return paths;
    }
}
