using System.Buffers.Binary;

namespace Moldau.Simulated;

/// <summary>
/// What happened, as a running 64-bit hash and, when asked for, as lines. Two runs of a seed have the same hash, in any process: where they
/// differ, something outside the seed (hash codes, the real clock, a thread) has crept into the code under test.
/// </summary>
public sealed class WorldTrace
{
    /// <summary>The hash of everything so far.</summary>
    public ulong Hash { get; private set; } = 0xCBF29CE484222325;

    /// <summary>Events so far.</summary>
    public long Count { get; private set; }

    /// <summary>Where lines go that a person can read; null: nowhere, and none are made.</summary>
    public Action<string>? Lines { get; set; }

    /// <summary>Adds an event.</summary>
    public void Add(TraceEvent kind, long first, long second = 0, ulong third = 0)
    {
        Count++;
        Mix((ulong)kind);
        Mix((ulong)first);
        Mix((ulong)second);
        Mix(third);
    }

    /// <summary>A hash of bytes that is the same in every process.</summary>
    public static ulong Digest(ReadOnlySpan<byte> bytes)
    {
        ulong hash = (ulong)bytes.Length;
        while (bytes.Length >= 8)
        {
            hash = Stir(hash, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        foreach (byte b in bytes) hash = Stir(hash, b);
        return hash;
    }

    /// <summary>A hash of a text that is the same in every process.</summary>
    public static ulong Digest(string text)
    {
        ulong hash = (ulong)text.Length;
        foreach (char c in text) hash = Stir(hash, c);
        return hash;
    }

    private static ulong Stir(ulong hash, ulong value)
    {
        hash = (hash ^ value) * 0x9E3779B97F4A7C15;
        return hash ^ (hash >> 32);
    }

    private void Mix(ulong value) => Hash = Stir(Hash, value);
}

/// <summary>Kinds of traced events. The numbers go into the hash.</summary>
public enum TraceEvent
{
    /// <summary>A continuation was picked: its place, how many there were.</summary>
    Pick = 1,

    /// <summary>Bytes arrived at a host.</summary>
    Arrival,

    /// <summary>A connection was opened, refused, cut or ended.</summary>
    Connection,

    /// <summary>A disk operation.</summary>
    Disk,

    /// <summary>A process started, died or lost its power; a clock moved; a link changed.</summary>
    Fault,

    /// <summary>Something the test noted.</summary>
    Note,
}
