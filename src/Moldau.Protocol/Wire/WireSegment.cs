namespace Moldau.Protocol;

/// <summary>A piece of an outgoing frame: bytes in memory, or a region of a file.</summary>
public readonly struct WireSegment
{
    /// <summary>A piece in memory.</summary>
    public WireSegment(ReadOnlyMemory<byte> memory)
    {
        Memory = memory;
        Length = memory.Length;
    }

    /// <summary>A piece of a file.</summary>
    public WireSegment(FileRegion region)
    {
        Region = region;
        Length = region.Length;
    }

    /// <summary>The bytes, unless <see cref="Region"/> is set.</summary>
    public ReadOnlyMemory<byte> Memory { get; }

    /// <summary>The file region, if it is one.</summary>
    public FileRegion? Region { get; }

    /// <summary>Bytes.</summary>
    public int Length { get; }
}
