using Microsoft.Win32.SafeHandles;
using Moldau.Protocol;
using Moldau.Storage.Files;

namespace Moldau.Simulated.Disk;

/// <summary>An open file of a simulated disk. It dies with the process that opened it; using it once closed is a bug and says so.</summary>
internal sealed class SimulatedFile(SimulatedDisk disk, FileNode node, string path, bool writable) : IFile
{
    private readonly int boot = disk.Boot;
    private int holds = 1; // the owner's
    private bool disposed;
    private bool flushFailed;

    public SafeFileHandle? Handle => null;

    public long Length
    {
        get
        {
            Check();
            return node.Length;
        }
    }

    public int Read(long position, Span<byte> target)
    {
        Check();
        disk.Begin(DiskOperationKind.Read, path, position, target.Length, default);
        return node.Read(position, target);
    }

    public void Write(long position, ReadOnlySpan<byte> source)
    {
        CheckWritable();
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        Invariant.That(position + source.Length <= Limits.FileBytesMax);
        disk.BeginWrite(node, path, position, source);
        node.Write(position, source);
        node.Modified = disk.Now;
    }

    public void SetLength(long length)
    {
        CheckWritable();
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Invariant.That(length <= Limits.FileBytesMax);
        disk.Begin(DiskOperationKind.SetLength, path, length, 0, default);
        node.SetLength(length);
        node.Modified = disk.Now;
    }

    public void Flush()
    {
        Check();
        if (flushFailed) throw new DiskException(DiskFailure.Flush, path, $"{path}: an earlier flush failed");
        flushFailed = true;
        disk.BeginFlush(node, path);
        node.Flush();
        flushFailed = false;
    }

    public bool TryHold()
    {
        if (holds == 0) return false;
        holds++;
        return true;
    }

    public void Release()
    {
        holds--;
        Invariant.That(holds >= 0);
    }

    public void Dispose()
    {
        if (disposed) return;
        disposed = true;
        Release();
    }

    private void CheckWritable()
    {
        Check();
        if (!writable) throw new DiskException(DiskFailure.Io, path, $"{path} is open for reading only");
    }

    private void Check()
    {
        ObjectDisposedException.ThrowIf(holds == 0, this);
        if (boot != disk.Boot) throw new PowerCutException($"{path} was open in a process that is gone");
    }
}
