using Moldau.Protocol;

namespace Moldau.Storage.Files;

/// <summary>
/// The disk as the log needs it: small, so that a simulated disk with power cuts can stand in (design, D3). Reads and writes are
/// synchronous (they touch the page cache); what waits for the device, a flush, is blocking and is called through
/// <see cref="Moldau.Protocol.Transport.IScheduler.RunBlocking"/> by whoever must not block.
/// Every failure is an <see cref="IOException"/> (a <see cref="DiskException"/> tells which kind).
/// Durability as on Linux: file content survives a power cut after <see cref="IFile.Flush"/>; creation, rename and deletion of a
/// name after <see cref="FlushDirectory"/> of its folder.
/// </summary>
public interface IFileSystem
{
    /// <summary>Opens a file. <see cref="FileNotFoundException"/> when absent and the mode does not create.</summary>
    IFile Open(string path, FileOpen mode);

    /// <summary>Whether a file of this name exists.</summary>
    bool FileExists(string path);

    /// <summary>Whether a folder of this name exists.</summary>
    bool DirectoryExists(string path);

    /// <summary>Names (without path) of the files in a folder, in ordinal order.</summary>
    IReadOnlyList<string> ListFiles(string directory);

    /// <summary>Names (without path) of the folders in a folder, in ordinal order.</summary>
    IReadOnlyList<string> ListDirectories(string directory);

    /// <summary>Creates a folder and its parents; nothing if it exists.</summary>
    void CreateDirectory(string path);

    /// <summary>Removes a file; nothing if it is absent. Regions of it that are open stay readable.</summary>
    void DeleteFile(string path);

    /// <summary>Removes a folder with all in it; nothing if it is absent.</summary>
    void DeleteDirectory(string path);

    /// <summary>Renames a file or folder, replacing a file that stands there, atomically.</summary>
    void Rename(string from, string to);

    /// <summary>Bytes in the file.</summary>
    long FileLength(string path);

    /// <summary>When the file was last modified, UTC.</summary>
    DateTimeOffset LastModified(string path);

    /// <summary>Sets the modification time.</summary>
    void SetLastModified(string path, DateTimeOffset time);

    /// <summary>Bytes free for this user on the folder's volume.</summary>
    long FreeBytes(string directory);

    /// <summary>Bytes that the folder's volume has, free or not.</summary>
    long TotalBytes(string directory);

    /// <summary>Makes the folder's names durable. Blocking.</summary>
    void FlushDirectory(string directory);

    /// <summary>
    /// Takes the folder for the caller (Kafka's <c>.lock</c>), until the result is disposed. <see cref="DiskFailure.Taken"/> when it is taken, by another
    /// process (Apache Kafka too) or by this one. <paramref name="path"/> is the lock file's, or the folder's, whose <c>.lock</c> it then is.
    /// </summary>
    IDisposable Lock(string path);
}

/// <summary>How a file is opened.</summary>
public enum FileOpen
{
    /// <summary>For reading; must exist.</summary>
    Read,

    /// <summary>For reading and writing; must exist.</summary>
    ReadWrite,

    /// <summary>For reading and writing; made if absent.</summary>
    OpenOrCreate,

    /// <summary>For reading and writing; made anew, empty, also over an old one.</summary>
    CreateEmpty,
}

/// <summary>An open file. Reads may run beside one write; writes are the owner's, one at a time.</summary>
public interface IFile : IRegionFile, IDisposable
{
    /// <summary>Bytes in the file.</summary>
    long Length { get; }

    /// <summary>
    /// Takes a hold on the open file for one region, given back by <see cref="IRegionFile.Release"/>: until then reads work, also after
    /// <see cref="IDisposable.Dispose"/>. False when the file is closed already. Thread-safe.
    /// </summary>
    bool TryHold();

    /// <summary>Writes all bytes at a position, extending the file as needed.</summary>
    void Write(long position, ReadOnlySpan<byte> source);

    /// <summary>Cuts or extends to a length.</summary>
    void SetLength(long length);

    /// <summary>Makes content and length durable (fdatasync). Blocking. A failure is final for the file: never retried.</summary>
    void Flush();
}

/// <summary>A disk failure that the node acts on: the log directory goes offline.</summary>
public sealed class DiskException(DiskFailure failure, string path, string message, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>The kind of failure.</summary>
    public DiskFailure Failure { get; } = failure;

    /// <summary>The file or folder.</summary>
    public string Path { get; } = path;
}

/// <summary>Kinds of disk failure.</summary>
public enum DiskFailure
{
    /// <summary>EIO and whatever else the device says.</summary>
    Io,

    /// <summary>ENOSPC, EDQUOT.</summary>
    Full,

    /// <summary>A flush failed: what it covered may be lost, and the page cache no longer tells.</summary>
    Flush,

    /// <summary>Another process holds the folder: no failure of the disk.</summary>
    Taken,
}
