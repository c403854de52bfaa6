using System.Buffers.Binary;
using Moldau.Protocol;

namespace Moldau.Load.Compare.Wire;

/// <summary>Walks a Fetch answer of version 18 for one topic, without making objects of it.</summary>
internal ref struct FetchAnswer
{
    private readonly ReadOnlySpan<byte> bytes;
    private int at;
    private int left;

    /// <exception cref="ReplayException">The whole request was refused.</exception>
    public FetchAnswer(ReadOnlySpan<byte> answer)
    {
        bytes = answer;
        CorrelationId = Int32();
        SkipTags();
        Int32();
        Require(Int16());
        Int32();
        uint topics = Varint();
        if (topics <= 1) return;
        at += Uuid.Size;
        left = (int)Varint() - 1;
    }

    public int CorrelationId { get; }

    public int Partition { get; private set; }

    /// <summary>The batches, the last of them possibly cut off.</summary>
    public ReadOnlySpan<byte> Records { get; private set; }

    /// <exception cref="ReplayException">The partition was refused.</exception>
    public bool Next()
    {
        if (left <= 0) return false;
        left--;
        Partition = Int32();
        Require(Int16());
        at += 3 * sizeof(long);
        for (uint aborted = Varint(); aborted > 1; aborted--)
        {
            at += 2 * sizeof(long);
            SkipTags();
        }

        Int32();
        int length = Math.Max(0, (int)Varint() - 1);
        Records = bytes.Slice(at, length);
        at += length;
        SkipTags();
        return true;
    }

    private static void Require(short error)
    {
        if (error != 0) throw new ReplayException($"a fetch was refused: {(ErrorCode)error}");
    }

    private void SkipTags()
    {
        for (uint tags = Varint(); tags > 0; tags--)
        {
            Varint();
            at += (int)Varint();
        }
    }

    private uint Varint()
    {
        uint value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = bytes[at++];
            value |= (uint)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
    }

    private short Int16()
    {
        at += sizeof(short);
        return BinaryPrimitives.ReadInt16BigEndian(bytes[(at - sizeof(short))..]);
    }

    private int Int32()
    {
        at += sizeof(int);
        return BinaryPrimitives.ReadInt32BigEndian(bytes[(at - sizeof(int))..]);
    }
}
