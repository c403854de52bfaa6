namespace Moldau.Protocol.Batches;

/// <summary>Bytes that may be null, which is not the same as none: a null value is a tombstone. A slice; whoever made it says how long it is valid.</summary>
public readonly struct NullableBytes : IEquatable<NullableBytes>
{
    private readonly ReadOnlyMemory<byte> memory;

    /// <summary>Bytes, not null.</summary>
    public NullableBytes(ReadOnlyMemory<byte> memory)
    {
        this.memory = memory;
        HasValue = true;
    }

    /// <summary>Null.</summary>
    public static NullableBytes Null => default;

    /// <summary>Whether there are bytes, be it none.</summary>
    public bool HasValue { get; }

    /// <summary>The bytes; empty when null.</summary>
    public ReadOnlyMemory<byte> Memory => memory;

    /// <summary>The bytes; empty when null.</summary>
    public ReadOnlySpan<byte> Span => memory.Span;

    /// <summary>How many bytes; 0 when null.</summary>
    public int Length => memory.Length;

    /// <summary>A null array is null.</summary>
    public static implicit operator NullableBytes(byte[]? bytes) => bytes is null ? default : new(bytes);

    public static implicit operator NullableBytes(ReadOnlyMemory<byte> memory) => new(memory);

    public static implicit operator NullableBytes(Memory<byte> memory) => new(memory);

    public static bool operator ==(NullableBytes left, NullableBytes right) => left.Equals(right);

    public static bool operator !=(NullableBytes left, NullableBytes right) => !left.Equals(right);

    /// <summary>A copy; null when null.</summary>
    public byte[]? ToArray() => HasValue ? memory.ToArray() : null;

    /// <summary>Whether both are null or have the same bytes.</summary>
    public bool Equals(NullableBytes other) => HasValue == other.HasValue && Span.SequenceEqual(other.Span);

    public override bool Equals(object? obj) => obj is NullableBytes other && Equals(other);

    public override int GetHashCode()
    {
        HashCode hash = default;
        hash.Add(HasValue);
        hash.AddBytes(Span);
        return hash.ToHashCode();
    }
}
