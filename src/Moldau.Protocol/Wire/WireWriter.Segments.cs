using System.Buffers.Binary;

namespace Moldau.Protocol;

/// <summary>Records between the written bytes, frame sizes and the sizes of tagged fields.</summary>
public sealed partial class WireWriter
{
    /// <summary>Writes <c>records</c>: the length into the buffer, the bytes or the file region as a segment of its own.</summary>
    public void WriteRecords(Records records, bool compact)
    {
        WriteCount(records.IsNull ? -1 : records.Length, compact);
        if (records.Length == 0) return;
        insertions.Add(new Insertion(position, records.Region is { } region ? new WireSegment(region) : new WireSegment(records.Memory)));
        insertedBytes += records.Length;
    }

    /// <summary>Leaves four bytes for the size of a frame. Frames may follow each other in one writer, not contain each other.</summary>
    public FrameMark BeginFrame()
    {
        var mark = new FrameMark(position, Length);
        WriteInt32(0);
        return mark;
    }

    /// <summary>Writes the size of everything since <see cref="BeginFrame"/> where room was left for it.</summary>
    public void EndFrame(FrameMark mark) =>
        BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(mark.Position), checked((int)(Length - mark.Length - sizeof(int))));

    /// <summary>Writes a tag and leaves a byte for the size of its field.</summary>
    internal int BeginTag(int tag)
    {
        WriteUnsignedVarint((uint)tag);
        WriteInt8(0);
        return position;
    }

    /// <summary>Writes the size of the field since <see cref="BeginTag"/>; the few fields over 127 bytes are moved to make room for it.</summary>
    internal void EndTag(int start)
    {
        Invariant.That(insertions.Count == 0 || insertions[^1].Position <= start);
        int size = position - start;
        int extra = Varint.Size((uint)size) - 1;
        if (extra > 0)
        {
            Take(extra);
            buffer.AsSpan(start, size).CopyTo(buffer.AsSpan(start + extra));
        }

        Varint.Write(buffer.AsSpan(start - 1), (uint)size);
    }

    private void CutSegments()
    {
        segments.Clear();
        int from = 0;
        foreach (Insertion insertion in insertions)
        {
            if (insertion.Position > from) segments.Add(new WireSegment(buffer.AsMemory(from, insertion.Position - from)));
            segments.Add(insertion.Segment);
            from = insertion.Position;
        }

        if (position > from) segments.Add(new WireSegment(buffer.AsMemory(from, position - from)));
        segmentsCurrent = true;
    }

    /// <summary>Where a frame begins.</summary>
    /// <param name="Position">Of its size in the buffer.</param>
    /// <param name="Length">Of everything before it.</param>
    public readonly record struct FrameMark(int Position, long Length);

    private readonly record struct Insertion(int Position, WireSegment Segment);
}
