namespace Moldau.Load.Compare.Wire;

/// <summary>What was acknowledged in each partition of a topic. Used by one thread.</summary>
internal sealed class PartitionLedger(int partitions)
{
    private readonly long[] acknowledged = new long[partitions];
    private readonly long[] ends = new long[partitions];

    public int Partitions => acknowledged.Length;

    /// <summary>Records acknowledged in all partitions.</summary>
    public long Total => acknowledged.Sum();

    public long AcknowledgedIn(int partition) => acknowledged[partition];

    public void Acknowledge(int partition, long baseOffset, int count)
    {
        acknowledged[partition] += count;
        ends[partition] = Math.Max(ends[partition], baseOffset + count);
    }

    /// <summary>Compares with the end offsets that the broker tells, when the topic began empty.</summary>
    /// <exception cref="LostRecordsException">They are not what was acknowledged.</exception>
    public void RequireEnds(IReadOnlyList<long> endOffsets)
    {
        for (int i = 0; i < acknowledged.Length; i++)
        {
            if (acknowledged[i] != ends[i]) throw new LostRecordsException($"partition {i}: {acknowledged[i]} records acknowledged, but up to offset {ends[i]}");
            if (endOffsets[i] != ends[i]) throw new LostRecordsException($"partition {i}: {acknowledged[i]} records acknowledged, but it ends at {endOffsets[i]}");
        }
    }
}
