namespace Moldau.Protocol;

/// <summary>
/// The wire type <c>records</c>: record batches that are passed on without being copied. Either a slice of memory (the frame they came in)
/// or a region of a log file (which a plain connection sends with sendfile), or null.
/// </summary>
public readonly struct Records
{
    private readonly bool present;

    /// <summary>Batches in memory. The memory belongs to whoever owns the frame, and is valid as long as the frame is.</summary>
    public Records(ReadOnlyMemory<byte> memory)
    {
        Memory = memory;
        Length = memory.Length;
        present = true;
    }

    /// <summary>Batches in a file.</summary>
    public Records(FileRegion region)
    {
        Region = region;
        Length = region.Length;
        present = true;
    }

    /// <summary>No records field at all (length -1 on the wire).</summary>
    public static Records Null => default;

    /// <summary>A records field of no bytes.</summary>
    public static Records Empty => new(ReadOnlyMemory<byte>.Empty);

    /// <summary>Whether the field is null.</summary>
    public bool IsNull => !present;

    /// <summary>Bytes; 0 when null.</summary>
    public int Length { get; }

    /// <summary>The bytes when they are in memory; empty otherwise.</summary>
    public ReadOnlyMemory<byte> Memory { get; }

    /// <summary>The file region when the bytes are in a file.</summary>
    public FileRegion? Region { get; }

    /// <summary>The bytes as memory, read from the file if they are there. For clients, tools and tests: the data path never calls it.</summary>
    public ReadOnlyMemory<byte> ToMemory() => Region is { } region ? region.ReadAll() : Memory;
}

/// <summary>A range of a file that goes on the wire as it is.</summary>
/// <param name="File">Kept open by whoever made the region until <see cref="IRegionFile.Release"/>.</param>
/// <param name="Position">First byte.</param>
/// <param name="Length">Bytes; the range lies within the file.</param>
public readonly record struct FileRegion(IRegionFile File, long Position, int Length)
{
    /// <summary>The bytes.</summary>
    public byte[] ReadAll()
    {
        byte[] bytes = new byte[Length];
        int read = 0;
        while (read < bytes.Length)
        {
            int count = File.Read(Position + read, bytes.AsSpan(read));
            if (count == 0) throw new EndOfStreamException($"file ends {bytes.Length - read} bytes before the end of the region");
            read += count;
        }

        return bytes;
    }
}

/// <summary>What a connection needs of a file to send a region of it.</summary>
public interface IRegionFile
{
    /// <summary>The operating system's handle for sendfile; null where the file is simulated, then <see cref="Read"/> serves.</summary>
    Microsoft.Win32.SafeHandles.SafeFileHandle? Handle { get; }

    /// <summary>Reads at a position; returns the bytes read, 0 at the end.</summary>
    int Read(long position, Span<byte> target);

    /// <summary>Gives back the hold taken when the region was made. Called once for each region, when it has been sent or dropped.</summary>
    void Release();
}
