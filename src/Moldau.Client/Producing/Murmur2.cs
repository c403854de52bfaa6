using System.Buffers.Binary;

namespace Moldau.Client.Producing;

/// <summary>The 32-bit MurmurHash2 with the seed that Kafka's clients use, so that a key goes to the same partition whoever sends it.</summary>
internal static class Murmur2
{
    private const uint Seed = 0x9747b28c;
    private const uint Multiplier = 0x5bd1e995;
    private const int Shift = 24;

    public static uint Hash(ReadOnlySpan<byte> data)
    {
        uint hash = Seed ^ (uint)data.Length;
        for (; data.Length >= 4; data = data[4..])
        {
            uint word = BinaryPrimitives.ReadUInt32LittleEndian(data) * Multiplier;
            word ^= word >> Shift;
            hash = (hash * Multiplier) ^ (word * Multiplier);
        }

        if (data.Length > 0)
        {
            uint rest = 0;
            for (int i = data.Length - 1; i >= 0; i--) rest = (rest << 8) | data[i];
            hash = (hash ^ rest) * Multiplier;
        }

        hash ^= hash >> 13;
        hash *= Multiplier;
        return hash ^ (hash >> 15);
    }

    /// <summary>The partition of a key.</summary>
    public static int Partition(ReadOnlySpan<byte> key, int partitions) => (int)((Hash(key) & int.MaxValue) % (uint)partitions);
}
