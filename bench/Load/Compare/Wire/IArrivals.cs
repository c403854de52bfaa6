using Moldau.Protocol.Batches;

namespace Moldau.Load.Compare.Wire;

/// <summary>Told of each batch that a consumer has.</summary>
internal interface IArrivals
{
    /// <param name="partition">Where it is from.</param>
    /// <param name="baseOffset">Its first record.</param>
    /// <param name="count">How many records it has.</param>
    /// <param name="batch">All of it.</param>
    /// <param name="now">When it was received, in ticks of the stopwatch.</param>
    void Arrived(int partition, long baseOffset, int count, ReadOnlySpan<byte> batch, long now);
}

/// <summary>Looks at the checksum of each batch.</summary>
internal sealed class ChecksumCheck : IArrivals
{
    public void Arrived(int partition, long baseOffset, int count, ReadOnlySpan<byte> batch, long now)
    {
        if (!RecordBatch.IsValid(batch)) throw new LostRecordsException($"partition {partition}: the batch at {baseOffset} has a wrong checksum");
    }
}

/// <summary>Looks at everything that a batch holds: its checksum, and that its records are those that were sent.</summary>
internal sealed class BatchCheck(BatchTemplate sent) : IArrivals
{
    public void Arrived(int partition, long baseOffset, int count, ReadOnlySpan<byte> batch, long now)
    {
        if (!RecordBatch.IsValid(batch)) throw new LostRecordsException($"partition {partition}: the batch at {baseOffset} has a wrong checksum");
        if (count != sent.Count || !batch[RecordBatchLayout.HeaderBytes..].SequenceEqual(sent.Records))
            throw new LostRecordsException($"partition {partition}: the batch at {baseOffset} is not what was sent");
    }
}
