using System.Buffers.Binary;
using System.Numerics;

namespace Moldau.Storage.Cleaning;

/// <summary>
/// 128 bits that stand for a key. Two keys with the same bits would count as one, so the function (SipHash-2-4) is keyed at random: nobody who writes keys
/// can make two of them meet, and by chance they do not. Kafka takes MD5 here, for which such keys are known.
/// </summary>
internal readonly struct KeyHash(ulong key0, ulong key1)
{
    /// <summary>A function with 16 bytes of key.</summary>
    public static KeyHash From(ReadOnlySpan<byte> key) =>
        new(BinaryPrimitives.ReadUInt64LittleEndian(key), BinaryPrimitives.ReadUInt64LittleEndian(key[8..]));

    /// <summary>The bits of a key.</summary>
    public UInt128 Of(ReadOnlySpan<byte> bytes)
    {
        var state = new State(key0, key1);
        ReadOnlySpan<byte> rest = bytes;
        for (; rest.Length >= 8; rest = rest[8..]) state.Take(BinaryPrimitives.ReadUInt64LittleEndian(rest));
        ulong last = (ulong)bytes.Length << 56;
        for (int i = 0; i < rest.Length; i++) last |= (ulong)rest[i] << (8 * i);
        state.Take(last);
        ulong low = state.Finish(0xee);
        return new UInt128(state.Finish(0xdd, first: false), low);
    }

    private struct State
    {
        private ulong v0, v1, v2, v3;

        public State(ulong key0, ulong key1)
        {
            v0 = 0x736f6d6570736575 ^ key0;
            v1 = 0x646f72616e646f6d ^ key1 ^ 0xee;
            v2 = 0x6c7967656e657261 ^ key0;
            v3 = 0x7465646279746573 ^ key1;
        }

        public void Take(ulong word)
        {
            v3 ^= word;
            Round();
            Round();
            v0 ^= word;
        }

        public ulong Finish(ulong mark, bool first = true)
        {
            if (first) v2 ^= mark;
            else v1 ^= mark;
            for (int i = 0; i < 4; i++) Round();
            return v0 ^ v1 ^ v2 ^ v3;
        }

        private void Round()
        {
            v0 += v1;
            v2 += v3;
            v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
            v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
            v0 = BitOperations.RotateLeft(v0, 32);
            v2 += v1;
            v0 += v3;
            v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
            v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
            v2 = BitOperations.RotateLeft(v2, 32);
        }
    }
}
