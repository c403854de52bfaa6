namespace Moldau.Simulated.Disk;

/// <summary>The bytes of a file in pages that copies share until one writes: a page cache, a platter, and crash images of both cost little.</summary>
internal sealed class PagedBytes
{
    public const int PageBytes = 4096;

    // A null page reads as zeros. Pages beyond the array do too.
    private byte[]?[] pages = [];
    private bool[] owned = [];

    public long Length { get; private set; }

    /// <summary>Bytes that pages take; holes take none.</summary>
    public long AllocatedBytes
    {
        get
        {
            long count = 0;
            foreach (byte[]? page in pages)
            {
                if (page is not null) count += PageBytes;
            }

            return count;
        }
    }

    /// <summary>A copy that shares all pages.</summary>
    public PagedBytes Share()
    {
        Array.Clear(owned);
        return new PagedBytes { pages = [.. pages], owned = new bool[pages.Length], Length = Length };
    }

    public int Read(long position, Span<byte> target)
    {
        int count = (int)Math.Clamp(Length - position, 0, target.Length);
        target = target[..count];
        while (target.Length > 0)
        {
            long page = position / PageBytes;
            int offset = (int)(position % PageBytes);
            int chunk = Math.Min(PageBytes - offset, target.Length);
            if (page < pages.Length && pages[page] is { } bytes) bytes.AsSpan(offset, chunk).CopyTo(target);
            else target[..chunk].Clear();
            target = target[chunk..];
            position += chunk;
        }

        return count;
    }

    public void Write(long position, ReadOnlySpan<byte> source)
    {
        Length = Math.Max(Length, position + source.Length);
        while (source.Length > 0)
        {
            int offset = (int)(position % PageBytes);
            int chunk = Math.Min(PageBytes - offset, source.Length);
            source[..chunk].CopyTo(Own(position / PageBytes).AsSpan(offset));
            source = source[chunk..];
            position += chunk;
        }
    }

    public void SetLength(long length)
    {
        Length = length;
        long kept = (length + PageBytes - 1) / PageBytes;
        if (kept < pages.Length)
        {
            Array.Resize(ref pages, (int)kept);
            Array.Resize(ref owned, (int)kept);
        }

        int tail = (int)(length % PageBytes);
        if (tail > 0 && kept == pages.Length && kept > 0 && pages[kept - 1] is not null) Own(kept - 1).AsSpan(tail).Clear();
    }

    /// <summary>Bytes of pages that a write would have to add.</summary>
    public long MissingBytes(long position, int count)
    {
        long missing = 0;
        for (long page = position / PageBytes; page * PageBytes < position + count; page++)
        {
            if (page >= pages.Length || pages[page] is null) missing += PageBytes;
        }

        return missing;
    }

    /// <summary>Makes it longer, keeping what lies beyond the end so far.</summary>
    public void ExtendTo(long length) => Length = Math.Max(Length, length);

    /// <summary>Takes over a range as another has it, whatever the lengths are.</summary>
    public void CopyRange(PagedBytes from, long position, int count)
    {
        Span<byte> bytes = stackalloc byte[PageBytes];
        bytes = bytes[..count];
        bytes.Clear();
        from.Read(position, bytes);
        long length = Length;
        Write(position, bytes);
        Length = length;
    }

    /// <summary>Takes over a whole page, by sharing it.</summary>
    public void SharePage(PagedBytes from, long page)
    {
        if (page < from.pages.Length)
        {
            if (page >= pages.Length) Grow(page);
            pages[page] = from.pages[page];
            owned[page] = from.owned[page] = false;
        }
        else if (page < pages.Length)
        {
            pages[page] = null;
        }
    }

    private byte[] Own(long page)
    {
        if (page >= pages.Length) Grow(page);
        if (pages[page] is not { } bytes) pages[page] = bytes = new byte[PageBytes];
        else if (!owned[page]) pages[page] = bytes = [.. bytes];
        owned[page] = true;
        return bytes;
    }

    private void Grow(long page)
    {
        int size = (int)Math.Max(page + 1, Math.Min(pages.Length * 2L, page + 1024));
        Array.Resize(ref pages, size);
        Array.Resize(ref owned, size);
    }
}
