using System.Buffers.Binary;
using System.Net;
using Moldau.Protocol.Batches;

namespace Moldau.Load.Compare.Wire;

/// <summary>
/// Reads partitions from the offsets it is given up to others, one fetch after the other. Of each batch it reads the header: offsets must be dense. The
/// bytes are copied into one buffer and left there, as by a consumer that has not begun to look at them.
/// </summary>
internal sealed class FetchConnection : ReplayConnection
{
    private readonly FetchFrame frame;
    private readonly int[] partitions;
    private readonly long[] positions;
    private readonly long[] ends;
    private readonly IArrivals? arrivals;
    private int requests;
    private bool isWaiting;

    /// <param name="endPoint">The broker.</param>
    /// <param name="frame">The request, for the same partitions in the same order.</param>
    /// <param name="sizes">What the request asks for at most.</param>
    /// <param name="partitions">The partitions.</param>
    /// <param name="from">The offset to begin at, for each.</param>
    /// <param name="to">The offset to end before, for each.</param>
    /// <param name="arrivals">Told of each batch; null: they are only counted.</param>
    public FetchConnection(IPEndPoint endPoint, FetchFrame frame, FetchSizes sizes, int[] partitions, long[] from, long[] to, IArrivals? arrivals)
        : base(endPoint, frame.Bytes, sizes.Bytes + Limits.FetchSlackBytes)
    {
        this.frame = frame;
        this.partitions = partitions;
        this.arrivals = arrivals;
        positions = [.. from];
        ends = to;
    }

    public override bool IsDone
    {
        get
        {
            for (int i = 0; i < positions.Length; i++)
                if (positions[i] < ends[i]) return false;
            return true;
        }
    }

    /// <summary>Bytes of the batches read.</summary>
    public long Bytes { get; private set; }

    /// <summary>Records read.</summary>
    public long Records { get; private set; }

    protected override void Prepare(long now)
    {
        if (isWaiting || IsDone) return;
        frame.Patch(++requests);
        for (int i = 0; i < positions.Length; i++) frame.PatchOffset(i, positions[i]);
        isWaiting = true;
        OutputEnd = frame.Bytes.Length;
    }

    protected override void Take(ReadOnlySpan<byte> answer, long now)
    {
        var fetched = new FetchAnswer(answer);
        if (fetched.CorrelationId != requests) throw new ReplayException($"answer {fetched.CorrelationId} came where {requests} was due");
        isWaiting = false;
        while (fetched.Next())
        {
            int place = Array.IndexOf(partitions, fetched.Partition);
            if (place < 0) throw new ReplayException($"partition {fetched.Partition} was not asked for");
            Walk(place, fetched.Records, now);
        }
    }

    private void Walk(int place, ReadOnlySpan<byte> records, long now)
    {
        while (records.Length >= RecordBatchLayout.HeaderBytes)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(records[RecordBatchLayout.Length..]) + RecordBatchLayout.LogOverhead;
            if (length > records.Length) return;
            long baseOffset = BinaryPrimitives.ReadInt64BigEndian(records);
            int count = BinaryPrimitives.ReadInt32BigEndian(records[RecordBatchLayout.Count..]);
            if (baseOffset != positions[place] || count != BinaryPrimitives.ReadInt32BigEndian(records[RecordBatchLayout.LastOffsetDelta..]) + 1)
                throw new LostRecordsException($"partition {partitions[place]}: {count} records at {baseOffset} came where {positions[place]} was due");
            arrivals?.Arrived(partitions[place], baseOffset, count, records[..length], now);
            positions[place] += count;
            Bytes += length;
            Records += count;
            records = records[length..];
        }
    }
}
