using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Moldau.Compat.Volume;

/// <summary>Records of cheap random bytes, the same for the same seed, and a running checksum over all of them.</summary>
internal sealed class RandomRecords
{
    public const int RecordBytes = 64 * 1024;
    private readonly XxHash128 _sent = new();
    private ulong _state = 0x9E3779B97F4A7C15;

    /// <summary>The checksum of everything given out so far.</summary>
    public string Checksum => Convert.ToHexString(_sent.GetCurrentHash());

    /// <summary>Fills a record with the next bytes.</summary>
    public void Next(Span<byte> record)
    {
        foreach (ref ulong word in MemoryMarshal.Cast<byte, ulong>(record)) word = NextWord();
        _sent.Append(record);
    }

    /// <summary>Fills a record with text, for programs that read lines.</summary>
    public void NextLine(Span<byte> record)
    {
        // Sixteen letters for each random number: the speed of text without a line end in it.
        ulong word = 0;
        for (int i = 0; i < record.Length; i++)
        {
            if ((i & 15) == 0) word = NextWord();
            record[i] = (byte)('a' + (word & 15));
            word >>= 4;
        }

        _sent.Append(record);
    }

    // xorshift64*: a few instructions for eight bytes that no codec shrinks.
    private ulong NextWord()
    {
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return _state * 0x2545F4914F6CDD1D;
    }
}
