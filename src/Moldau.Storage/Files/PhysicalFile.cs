using Microsoft.Win32.SafeHandles;

namespace Moldau.Storage.Files;

/// <summary>
/// An open file of the machine. The handle closes when the owner has disposed it and every region has been released, so that a send
/// under way never loses the file under it.
/// </summary>
internal sealed class PhysicalFile(string path, SafeFileHandle handle) : IFile
{
    private int holds = 1; // the owner's
    private int disposed;
    private bool flushFailed;

    public SafeFileHandle Handle => handle;

    public long Length
    {
        get
        {
            try
            {
                return RandomAccess.GetLength(handle);
            }
            catch (Exception failure) when (DiskErrors.IsForeign(failure))
            {
                throw DiskErrors.From(failure, path);
            }
        }
    }

    public int Read(long position, Span<byte> target)
    {
        try
        {
            return RandomAccess.Read(handle, target, position);
        }
        catch (Exception failure) when (DiskErrors.IsForeign(failure))
        {
            throw DiskErrors.From(failure, path);
        }
    }

    public void Write(long position, ReadOnlySpan<byte> source)
    {
        try
        {
            RandomAccess.Write(handle, source, position);
        }
        catch (Exception failure) when (DiskErrors.IsForeign(failure))
        {
            throw DiskErrors.From(failure, path);
        }
    }

    public void SetLength(long length)
    {
        try
        {
            RandomAccess.SetLength(handle, length);
        }
        catch (Exception failure) when (DiskErrors.IsForeign(failure))
        {
            throw DiskErrors.From(failure, path);
        }
    }

    public void Flush()
    {
        // Linux marks pages clean when writing them fails: a second flush would succeed without having written anything.
        if (flushFailed) throw new DiskException(DiskFailure.Flush, path, $"{path}: an earlier flush failed, what it covered may be lost");
        flushFailed = true;
        try
        {
            if (OperatingSystem.IsLinux()) UnixFiles.FlushData(handle, path);
            else RandomAccess.FlushToDisk(handle);
            flushFailed = false;
        }
        catch (Exception failure) when (DiskErrors.IsForeign(failure))
        {
            throw new DiskException(DiskFailure.Flush, path, $"{path}: flush: {failure.Message}", failure);
        }
    }

    public bool TryHold()
    {
        int seen = Volatile.Read(ref holds);
        while (seen > 0)
        {
            int found = Interlocked.CompareExchange(ref holds, seen + 1, seen);
            if (found == seen) return true;
            seen = found;
        }

        return false;
    }

    public void Release()
    {
        int left = Interlocked.Decrement(ref holds);
        Moldau.Protocol.Invariant.That(left >= 0);
        if (left == 0) handle.Dispose();
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0) Release();
    }
}
