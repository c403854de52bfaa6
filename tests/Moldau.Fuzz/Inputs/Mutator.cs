using System.Buffers.Binary;
using Moldau.Simulated;

namespace Moldau.Fuzz.Inputs;

/// <summary>Makes bad bytes of good ones: the damage of disks and networks, and the lengths that an attacker would write.</summary>
internal static class Mutator
{
    private const int StepsMax = 4;
    private const int InsertedBytesMax = 40;

    /// <summary>Values at which arithmetic on lengths goes wrong.</summary>
    private static readonly long[] Edges =
    [
        0, 1, -1, -2, 2, 7, 127, 128, 255, 256, short.MaxValue, short.MinValue, ushort.MaxValue, 65_536, 1 << 20, int.MaxValue, int.MinValue, int.MaxValue - 12, uint.MaxValue,
        long.MaxValue, long.MinValue, long.MaxValue - 1,
    ];

    /// <summary>Varints at their edges: one byte, five and ten, longest, overlong, endless.</summary>
    private static readonly byte[][] Varints =
    [
        [0], [1], [0x7f], [0x80, 1], [0xff, 0x7f], [0xff, 0xff, 0xff, 0xff, 0x07], [0xff, 0xff, 0xff, 0xff, 0x0f], [0x80, 0x80, 0x80, 0x80, 0x08], [0xff, 0xff, 0xff, 0xff, 0x1f],
        [0x80, 0x00], [0x80, 0x80, 0x80, 0x80, 0x80, 0x00], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    ];

    /// <summary>A changed copy of one of <paramref name="good"/>; others may be spliced in.</summary>
    public static byte[] Mutate(IReadOnlyList<byte[]> good, SeededRandom random)
    {
        byte[] bytes = [.. random.Pick(good)];
        for (int steps = 1 + random.Below(StepsMax); steps > 0; steps--) bytes = Step(bytes, good, random);
        return bytes;
    }

    private static byte[] Step(byte[] bytes, IReadOnlyList<byte[]> good, SeededRandom random)
    {
        if (bytes.Length == 0) return Inserted(bytes, 0, Noise(random));
        int at = random.Below(bytes.Length);
        switch (random.Below(10))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Below(8));
                return bytes;
            case 1:
                bytes[at] = (byte)random.Next();
                return bytes;
            case 2:
                return bytes[..at];
            case 3:
                return Cut(bytes, at, 1 + random.Below(bytes.Length - at));
            case 4:
                return Inserted(bytes, at, Noise(random));
            case 5:
                return Inserted(bytes, at, bytes[at..(at + 1 + random.Below(bytes.Length - at))]);
            case 6:
                return Inserted(Cut(bytes, at, 1), at, random.Pick(Varints));
            case 7:
                byte[] other = random.Pick(good);
                return [.. bytes[..at], .. other[random.Below(other.Length + 1)..]];
            default:
                WriteEdge(bytes.AsSpan(at), random);
                return bytes;
        }
    }

    private static void WriteEdge(Span<byte> target, SeededRandom random)
    {
        Span<byte> wide = stackalloc byte[8];
        int size = random.Pick([2, 4, 4, 8]);
        // Beside the edges, numbers around those that stand there: a length that is one off finds what a huge one does not.
        long value = random.Chance(500) || target.Length < size ? random.Pick(Edges) : Read(target, size) + random.Between(-2, 2);
        BinaryPrimitives.WriteInt64BigEndian(wide, value);
        wide[^size..][..Math.Min(size, target.Length)].CopyTo(target);
    }

    private static long Read(ReadOnlySpan<byte> source, int size) => size switch
    {
        2 => BinaryPrimitives.ReadInt16BigEndian(source),
        4 => BinaryPrimitives.ReadInt32BigEndian(source),
        _ => BinaryPrimitives.ReadInt64BigEndian(source),
    };

    private static byte[] Noise(SeededRandom random)
    {
        byte[] noise = new byte[1 + random.Below(InsertedBytesMax)];
        if (random.Chance(500)) random.Fill(noise);
        return noise;
    }

    private static byte[] Cut(byte[] bytes, int at, int count) => [.. bytes.AsSpan(0, at), .. bytes.AsSpan(at + count)];

    private static byte[] Inserted(byte[] bytes, int at, byte[] what) => [.. bytes.AsSpan(0, at), .. what, .. bytes.AsSpan(at)];
}
