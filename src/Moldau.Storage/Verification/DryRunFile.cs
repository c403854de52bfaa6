using Microsoft.Win32.SafeHandles;
using Moldau.Storage.Files;

namespace Moldau.Storage.Verification;

/// <summary>The content of a file in a dry run: pages that were written, above what the disk has up to the shortest length the file had.</summary>
internal sealed class DryRunContent(DryRunFileSystem owner, string? source, long length)
{
    private const int PageBytes = 4096;
    private readonly Dictionary<long, byte[]> pages = [];
    private long sourceBytes = length;

    /// <summary>Where the disk has what was not written; null for a file made in the run.</summary>
    public string? Source => source;

    /// <summary>Bytes in the file.</summary>
    public long Length { get; private set; } = length;

    /// <summary>Whether anything was written into it.</summary>
    public bool IsWritten { get; private set; }

    /// <summary>The shortest length that it had.</summary>
    public long SourceBytes => sourceBytes;

    public int Read(IFile? disk, long position, Span<byte> target)
    {
        int wanted = (int)Math.Min(target.Length, Math.Max(0, Length - position));
        for (int done = 0; done < wanted;)
        {
            long at = position + done, page = at / PageBytes;
            int inPage = (int)(at % PageBytes), bytes = Math.Min(wanted - done, PageBytes - inPage);
            Span<byte> part = target.Slice(done, bytes);
            if (pages.TryGetValue(page, out byte[]? written)) written.AsSpan(inPage, bytes).CopyTo(part);
            else ReadDisk(disk, at, part);
            done += bytes;
        }

        return wanted;
    }

    public void Write(IFile? disk, long position, ReadOnlySpan<byte> bytes)
    {
        IsWritten = true;
        for (int done = 0; done < bytes.Length;)
        {
            long at = position + done, page = at / PageBytes;
            int inPage = (int)(at % PageBytes), count = Math.Min(bytes.Length - done, PageBytes - inPage);
            bytes.Slice(done, count).CopyTo(Page(disk, page).AsSpan(inPage, count));
            done += count;
        }

        Length = Math.Max(Length, position + bytes.Length);
    }

    public void SetLength(IFile? disk, long length)
    {
        if (length < Length)
        {
            foreach (long page in pages.Keys.Where(page => page * PageBytes >= length).ToArray()) pages.Remove(page);
            if (length % PageBytes != 0 && pages.ContainsKey(length / PageBytes)) Page(disk, length / PageBytes).AsSpan((int)(length % PageBytes)).Clear();
            sourceBytes = Math.Min(sourceBytes, length);
        }

        Length = length;
    }

    private byte[] Page(IFile? disk, long page)
    {
        if (pages.TryGetValue(page, out byte[]? known)) return known;
        owner.CountPage();
        byte[] bytes = new byte[PageBytes];
        ReadDisk(disk, page * PageBytes, bytes);
        pages.Add(page, bytes);
        return bytes;
    }

    private void ReadDisk(IFile? disk, long position, Span<byte> target)
    {
        int there = (int)Math.Clamp(sourceBytes - position, 0, target.Length);
        for (int done = 0; done < there;)
        {
            int count = disk!.Read(position + done, target[done..there]);
            if (count == 0) throw new EndOfStreamException($"{source}: the file became shorter while it was read");
            done += count;
        }

        target[there..].Clear();
    }
}

/// <summary>An open file of a dry run.</summary>
internal sealed class DryRunFile(DryRunFileSystem owner, DryRunContent content, IFile? disk) : IFile
{
    private int holds = 1;
    private bool disposed;

    public SafeFileHandle? Handle => null;

    public long Length
    {
        get
        {
            lock (owner.Gate) return content.Length;
        }
    }

    public int Read(long position, Span<byte> target)
    {
        lock (owner.Gate) return content.Read(disk, position, target);
    }

    public void Write(long position, ReadOnlySpan<byte> source)
    {
        lock (owner.Gate) content.Write(disk, position, source);
    }

    public void SetLength(long length)
    {
        lock (owner.Gate) content.SetLength(disk, length);
    }

    public void Flush()
    {
    }

    public bool TryHold()
    {
        lock (owner.Gate)
        {
            if (disposed) return false;
            holds++;
            return true;
        }
    }

    public void Release()
    {
        lock (owner.Gate)
        {
            if (--holds == 0) disk?.Dispose();
        }
    }

    public void Dispose()
    {
        lock (owner.Gate)
        {
            if (disposed) return;
            disposed = true;
        }

        Release();
    }
}
