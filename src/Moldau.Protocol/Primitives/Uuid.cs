using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace Moldau.Protocol;

/// <summary>Kafka's 128-bit id: two big-endian 64-bit halves on the wire, url-safe base64 without padding as text (22 characters).</summary>
public readonly record struct Uuid(long MostSignificant, long LeastSignificant) : IComparable<Uuid>
{
    /// <summary>Bytes on the wire.</summary>
    public const int Size = 16;

    /// <summary>"No id": all zero.</summary>
    public static readonly Uuid Zero;

    /// <summary>The topic id of <c>__cluster_metadata</c>.</summary>
    public static readonly Uuid ClusterMetadata = new(0, 1);

    /// <summary>Directory ids (KIP-858) with a meaning of their own: chosen before directories were tracked, not yet assigned, offline.</summary>
    public static readonly Uuid MigratingDirectory = Zero, UnassignedDirectory = new(0, 1), LostDirectory = new(0, 2);

    /// <summary>Reads 16 big-endian bytes.</summary>
    public static Uuid Read(ReadOnlySpan<byte> source) =>
        new(BinaryPrimitives.ReadInt64BigEndian(source), BinaryPrimitives.ReadInt64BigEndian(source[8..]));

    /// <summary>Writes 16 big-endian bytes.</summary>
    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteInt64BigEndian(target, MostSignificant);
        BinaryPrimitives.WriteInt64BigEndian(target[8..], LeastSignificant);
    }

    /// <summary>
    /// A version 4 id from random bytes (16 or more). As in Kafka, an id whose text begins with '-' must not be used,
    /// since tools would take it for an option: the caller draws again while this returns false.
    /// </summary>
    public static bool TryFromRandom(ReadOnlySpan<byte> random, out Uuid id)
    {
        Span<byte> bytes = stackalloc byte[Size];
        random[..Size].CopyTo(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        id = Read(bytes);
        return bytes[0] >> 2 != 62;
    }

    /// <summary>Parses the 22-character text form.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Uuid id)
    {
        id = default;
        if (text is not { Length: 22 }) return false;
        Span<byte> bytes = stackalloc byte[Size + 2];
        // Decoding throws for what is no base64, though its name begins with Try.
        if (!Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out int written) || written != Size) return false;
        id = Read(bytes);
        return true;
    }

    /// <summary>Parses the 22-character text form; <see cref="FormatException"/> for anything else.</summary>
    public static Uuid Parse(string text) =>
        TryParse(text, out Uuid id) ? id : throw new FormatException($"'{text}' is not a Kafka id: 22 characters of url-safe base64 expected");

    public int CompareTo(Uuid other)
    {
        int high = MostSignificant.CompareTo(other.MostSignificant);
        return high != 0 ? high : LeastSignificant.CompareTo(other.LeastSignificant);
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        Write(bytes);
        return Base64Url.EncodeToString(bytes);
    }
}
