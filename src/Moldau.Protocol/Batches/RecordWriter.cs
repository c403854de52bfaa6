using Moldau.Protocol.Compression;

namespace Moldau.Protocol.Batches;

/// <summary>Encodes single records of magic 2.</summary>
internal static class RecordWriter
{
    /// <summary>Bytes of the record, with its length.</summary>
    public static long SizeOf(long timestampDelta, int offsetDelta, NullableBytes key, NullableBytes value, ReadOnlySpan<RecordHeader> headers)
    {
        long body = BodySize(timestampDelta, offsetDelta, key, value, headers);
        return RecordVarint.SizeOf(body) + body;
    }

    /// <summary>Appends the record.</summary>
    public static void Write(PooledBuffer target, long timestampDelta, int offsetDelta, NullableBytes key, NullableBytes value, ReadOnlySpan<RecordHeader> headers)
    {
        long body = BodySize(timestampDelta, offsetDelta, key, value, headers);
        int size = checked((int)(RecordVarint.SizeOf(body) + body));
        // A varint is written into the room of the longest: a little more than the record takes.
        Span<byte> room = target.GetSpan(size + RecordVarint.BytesMax64);
        int position = RecordVarint.Write(room, body);
        room[position++] = 0;
        position += RecordVarint.Write(room[position..], timestampDelta);
        position += RecordVarint.Write(room[position..], offsetDelta);
        Put(room, ref position, key);
        Put(room, ref position, value);
        position += RecordVarint.Write(room[position..], headers.Length);
        foreach (RecordHeader header in headers)
        {
            Put(room, ref position, header.Key);
            Put(room, ref position, header.Value);
        }

        Invariant.That(position == size);
        target.Advance(size);
    }

    private static long BodySize(long timestampDelta, int offsetDelta, NullableBytes key, NullableBytes value, ReadOnlySpan<RecordHeader> headers)
    {
        long size = 1 + RecordVarint.SizeOf(timestampDelta) + RecordVarint.SizeOf(offsetDelta) + Size(key) + Size(value) + RecordVarint.SizeOf(headers.Length);
        foreach (RecordHeader header in headers) size += Size(header.Key) + Size(header.Value);
        return size;
    }

    private static long Size(NullableBytes bytes) => (bytes.HasValue ? RecordVarint.SizeOf(bytes.Length) : 1) + (long)bytes.Length;

    private static void Put(Span<byte> room, ref int position, NullableBytes bytes)
    {
        position += RecordVarint.Write(room[position..], bytes.HasValue ? bytes.Length : -1);
        bytes.Span.CopyTo(room[position..]);
        position += bytes.Length;
    }
}
