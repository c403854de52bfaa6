using Moldau.Protocol;

namespace Moldau.Simulated.Network;

/// <summary>The bytes of a frame's segments as one stream; file regions are read as they come up.</summary>
internal sealed class SegmentReader(IReadOnlyList<WireSegment> segments)
{
    private int index;
    private int offset;

    public long Remaining { get; private set; } = Total(segments);

    public void Fill(Span<byte> target)
    {
        Remaining -= target.Length;
        while (target.Length > 0)
        {
            WireSegment segment = segments[index];
            int count = Math.Min(target.Length, segment.Length - offset);
            if (count > 0) Copy(segment, target[..count]);
            target = target[count..];
            offset += count;
            if (offset < segment.Length) continue;
            offset = 0;
            index++;
        }
    }

    private static long Total(IReadOnlyList<WireSegment> segments)
    {
        long total = 0;
        for (int i = 0; i < segments.Count; i++) total += segments[i].Length;
        return total;
    }

    private void Copy(WireSegment segment, Span<byte> target)
    {
        if (segment.Region is not { } region)
        {
            segment.Memory.Span.Slice(offset, target.Length).CopyTo(target);
            return;
        }

        int done = 0;
        while (done < target.Length)
        {
            int read = region.File.Read(region.Position + offset + done, target[done..]);
            if (read == 0) throw new IOException("the file ends within the region that is being sent");
            done += read;
        }
    }
}
