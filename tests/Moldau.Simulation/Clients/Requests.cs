using System.Text;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Messages;

namespace Moldau.Simulation.Clients;

/// <summary>The data requests of the scenarios' clients, and what is in the answers.</summary>
internal static class Requests
{
    public const short MetadataVersion = 12;
    public const short ProduceVersion = 9;
    public const short FetchVersion = 11;
    public const short InitProducerIdVersion = 4;
    public const short AlterReplicaLogDirsVersion = 2;

    /// <summary>Whether an error says that it may well work a little later.</summary>
    public static bool IsTransient(ErrorCode error) => error is ErrorCode.UnknownTopicOrPartition or ErrorCode.NotLeaderOrFollower or ErrorCode.LeaderNotAvailable
        or ErrorCode.RequestTimedOut or ErrorCode.NotEnoughReplicas or ErrorCode.KafkaStorageError or ErrorCode.NotController or ErrorCode.CoordinatorLoadInProgress
        or ErrorCode.CoordinatorNotAvailable or ErrorCode.NotCoordinator;

    public static MetadataRequest Metadata(string topic)
    {
        MetadataRequest request = new() { Topics = [], AllowAutoTopicCreation = true };
        request.Topics.Add().Name = topic;
        return request;
    }

    public static ProduceRequest Produce(Partition partition, byte[] batch)
    {
        ProduceRequest request = new() { Acks = -1, TimeoutMs = 30_000 };
        ProduceRequest.TopicProduceData topic = request.TopicData.Add();
        topic.Name = partition.Topic;
        ProduceRequest.PartitionProduceData data = topic.PartitionData.Add();
        data.Index = partition.Index;
        data.Records = new Records(batch);
        return request;
    }

    public static FetchRequest Fetch(IEnumerable<(Partition Partition, long Offset)> from, int maxWaitMs)
    {
        FetchRequest request = new() { MaxWaitMs = maxWaitMs, MinBytes = 1, MaxBytes = 1 << 20, SessionEpoch = -1 };
        foreach (var topic in from.GroupBy(static each => each.Partition.Topic))
        {
            FetchRequest.FetchTopic entry = request.Topics.Add();
            entry.Topic = topic.Key;
            foreach ((Partition partition, long offset) in topic)
            {
                FetchRequest.FetchPartition asked = entry.Partitions.Add();
                asked.Partition = partition.Index;
                asked.FetchOffset = offset;
                asked.PartitionMaxBytes = 1 << 20;
            }
        }

        return request;
    }

    /// <summary>A batch whose records have these values, and keys of so many bytes: only what is larger than a sector can be torn.</summary>
    public static byte[] Batch(IEnumerable<string> values, int keyBytes, long timestampMs, RecordBatchOptions options)
    {
        using RecordBatchBuilder builder = new(options);
        byte[] key = new byte[keyBytes];
        Array.Fill(key, (byte)'k');
        foreach (string value in values) builder.Append(timestampMs, key, Encoding.UTF8.GetBytes(value));
        return builder.BuildArray();
    }

    /// <summary>The records that were fetched, from an offset on: a batch may begin before it.</summary>
    public static List<(long Offset, string Value)> Content(Partition partition, Records records, long from)
    {
        try
        {
            return Content(records, from);
        }
        catch (RecordFormatException damaged)
        {
            throw new BrokenPromiseException($"{partition} has no whole batches at offset {from}: {damaged.Message}", damaged);
        }
    }

    private static List<(long Offset, string Value)> Content(Records records, long from)
    {
        List<(long, string)> content = [];
        ReadOnlyMemory<byte> bytes = records.ToMemory();
        RecordBatchEnumerator batches = new(bytes.Span);
        while (batches.MoveNextOrThrow())
        {
            RecordBatch.EnsureValid(batches.CurrentBytes);
            using RecordReader reader = RecordReader.Open(bytes.Slice(batches.Position, batches.CurrentBytes.Length));
            foreach (Moldau.Protocol.Batches.Record record in reader)
            {
                if (record.Offset.Value >= from) content.Add((record.Offset.Value, Encoding.UTF8.GetString(record.Value.Span)));
            }
        }

        return content;
    }
}
