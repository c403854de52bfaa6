using Moldau.Protocol.Batches;

namespace Moldau.Client.Producing;

/// <summary>A record to be sent. Its bytes are copied when it is taken.</summary>
public readonly record struct ProducerRecord
{
    /// <summary>A record without a key.</summary>
    public ProducerRecord(string topic, NullableBytes value)
    {
        Topic = topic;
        Value = value;
    }

    /// <summary>A record with a key: records of the same key go to the same partition, as long as their number stays.</summary>
    public ProducerRecord(string topic, NullableBytes key, NullableBytes value)
        : this(topic, value) => Key = key;

    /// <summary>The topic.</summary>
    public string Topic { get; }

    /// <summary>The partition; null: chosen by the key, or changing from batch to batch without one.</summary>
    public int? Partition { get; init; }

    /// <summary>The key; null for none.</summary>
    public NullableBytes Key { get; init; }

    /// <summary>The value; null is a tombstone.</summary>
    public NullableBytes Value { get; init; }

    /// <summary>The headers.</summary>
    public ReadOnlyMemory<RecordHeader> Headers { get; init; }

    /// <summary>When it happened; null: now.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>At most so many bytes in a batch: each length as a varint, attributes, timestamp and offset.</summary>
    internal int BytesMax
    {
        get
        {
            long bytes = 32L + Key.Length + Value.Length;
            foreach (RecordHeader header in Headers.Span) bytes += 10L + header.Key.Length + header.Value.Length;
            return (int)Math.Min(bytes, int.MaxValue);
        }
    }
}
