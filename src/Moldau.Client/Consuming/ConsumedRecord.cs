using Moldau.Protocol;
using Moldau.Protocol.Batches;

namespace Moldau.Client.Consuming;

/// <summary>A record as a consumer gets it. Key, value and headers are slices of what was fetched, which they keep in memory: copy what is kept for long.</summary>
public readonly struct ConsumedRecord
{
    private readonly Record record;

    internal ConsumedRecord(TopicPartition partition, in Record record, TimestampType timestampType, int leaderEpoch)
    {
        this.record = record;
        Partition = partition;
        TimestampType = timestampType;
        LeaderEpoch = leaderEpoch;
    }

    /// <summary>Where it stands.</summary>
    public TopicPartition Partition { get; }

    /// <summary>Its position there.</summary>
    public long Offset => record.Offset.Value;

    /// <summary>Its timestamp in ms since 1970; -1 when it has none.</summary>
    public long TimestampMs => record.TimestampMs;

    /// <summary>Who set the timestamp.</summary>
    public TimestampType TimestampType { get; }

    /// <summary>The leader epoch in which it was written; -1 when unknown.</summary>
    public int LeaderEpoch { get; }

    /// <summary>The key; null for none.</summary>
    public NullableBytes Key => record.Key;

    /// <summary>The value; null is a tombstone.</summary>
    public NullableBytes Value => record.Value;

    /// <summary>The headers.</summary>
    public RecordHeaders Headers => record.Headers;
}
