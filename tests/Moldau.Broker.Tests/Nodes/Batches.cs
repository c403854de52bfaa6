using System.Text;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Messages;
using Record = Moldau.Protocol.Batches.Record;

namespace Moldau.Broker.Tests.Nodes;

/// <summary>Batches and requests that tests send.</summary>
internal static class Batches
{
    public static byte[] Of(long timestampMs, params string[] values) => Of(new RecordBatchOptions(), timestampMs, values);

    public static byte[] Of(in RecordBatchOptions options, long timestampMs, params string[] values)
    {
        using var builder = new RecordBatchBuilder(options);
        foreach (string value in values) builder.Append(timestampMs, NullableBytes.Null, Encoding.UTF8.GetBytes(value));
        return builder.BuildArray();
    }

    public static ProduceRequest Produce(string topic, int partition, byte[]? records, short acks = -1)
    {
        var request = new ProduceRequest { Acks = acks, TimeoutMs = 5_000 };
        Add(request, topic, partition, records);
        return request;
    }

    public static void Add(ProduceRequest request, string topic, int partition, byte[]? records)
    {
        ProduceRequest.TopicProduceData data = request.TopicData.Add();
        data.Name = topic;
        ProduceRequest.PartitionProduceData entry = data.PartitionData.Add();
        entry.Index = partition;
        entry.Records = records is null ? Records.Null : new Records(records);
    }

    public static FetchRequest Fetch(string topic, int partition, long offset, int maxWaitMs = 0, int minBytes = 1, int maxBytes = 1_000_000)
    {
        var request = new FetchRequest { MaxWaitMs = maxWaitMs, MinBytes = minBytes, MaxBytes = maxBytes, SessionEpoch = -1 };
        Add(request, topic, partition, offset);
        return request;
    }

    public static FetchRequest.FetchPartition Add(FetchRequest request, string topic, int partition, long offset, int maxBytes = 1_000_000)
    {
        FetchRequest.FetchTopic entry = request.Topics.Add();
        entry.Topic = topic;
        FetchRequest.FetchPartition asked = entry.Partitions.Add();
        asked.Partition = partition;
        asked.FetchOffset = offset;
        asked.PartitionMaxBytes = maxBytes;
        return asked;
    }

    /// <summary>The values in record bytes.</summary>
    public static List<string> Values(Records records)
    {
        List<string> values = [];
        ReadOnlyMemory<byte> memory = records.ToMemory();
        foreach (RecordBatchView batch in Split(memory))
        {
            foreach (Record record in RecordReader.Open(batch.Bytes)) values.Add(Encoding.UTF8.GetString(record.Value.Memory.Span));
        }

        return values;
    }

    private static IEnumerable<RecordBatchView> Split(ReadOnlyMemory<byte> memory)
    {
        while (memory.Length >= RecordBatchLayout.LogOverhead)
        {
            int size = RecordBatchLayout.LogOverhead + System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(memory.Span[RecordBatchLayout.Length..]);
            if (size > memory.Length) yield break;
            yield return new RecordBatchView(memory[..size]);
            memory = memory[size..];
        }
    }

    private readonly record struct RecordBatchView(ReadOnlyMemory<byte> Bytes);
}
