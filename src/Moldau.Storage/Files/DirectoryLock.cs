using Microsoft.Win32.SafeHandles;

namespace Moldau.Storage.Files;

/// <summary>The lock file of a log directory, held until disposed. The file itself stays, as Kafka leaves it.</summary>
internal sealed class DirectoryLock : IDisposable
{
    private readonly SafeFileHandle handle;

    private DirectoryLock(SafeFileHandle handle) => this.handle = handle;

    /// <summary>Takes the lock; <see cref="DiskException"/> when it is taken.</summary>
    public static DirectoryLock Take(string path)
    {
        SafeFileHandle handle;
        try
        {
            // No sharing is flock on Unix: it excludes other nodes of this kind, in other processes and in this one.
            handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception failure) when (DiskErrors.IsForeign(failure))
        {
            throw DiskErrors.IsTaken(failure) ? Taken(path, failure) : DiskErrors.From(failure, path);
        }

        if (OperatingSystem.IsLinux() && Environment.Is64BitProcess && !UnixFiles.TryLock(handle))
        {
            handle.Dispose();
            throw Taken(path, null);
        }

        return new DirectoryLock(handle);
    }

    public void Dispose() => handle.Dispose();

    private static DiskException Taken(string path, Exception? inner) => new(
        DiskFailure.Taken,
        path,
        $"cannot lock {path}: another node may be running on this directory{(inner is null ? "" : $" ({inner.Message})")}",
        inner);
}
