using System.Buffers.Binary;
using Moldau.Client.Clusters;
using Moldau.Protocol;
using Moldau.Protocol.Transport;

namespace Moldau.Client.Producing;

/// <summary>
/// Chooses partitions: by the key's hash; without a key a random one, kept until a batch's worth of bytes went there, so that batches fill (KIP-794). Guarded by
/// the accumulator's lock.
/// </summary>
internal sealed class Partitioner(IScheduler scheduler, int stickyBytes)
{
    private readonly Dictionary<string, Sticky> topics = new(StringComparer.Ordinal);

    /// <exception cref="KafkaException">The topic has no such partition.</exception>
    public int Choose(TopicMetadata topic, in ProducerRecord record, int bytes)
    {
        if (record.Partition is { } given)
        {
            return topic.Partition(given) is not null ? given : throw new KafkaException(ErrorCode.UnknownTopicOrPartition, $"topic '{topic.Name}' has no partition {given}");
        }

        if (record.Key.HasValue) return Murmur2.Partition(record.Key.Span, topic.Partitions.Count);
        Sticky sticky = topics.GetValueOrDefault(topic.Name, new Sticky(-1, 0));
        if (sticky.Partition < 0 || sticky.Bytes >= stickyBytes || sticky.Partition >= topic.Partitions.Count) sticky = new Sticky(Pick(topic), 0);
        topics[topic.Name] = sticky with { Bytes = sticky.Bytes + bytes };
        return sticky.Partition;
    }

    private int Pick(TopicMetadata topic)
    {
        List<PartitionMetadata> available = [.. topic.Partitions.Where(static partition => partition.LeaderId >= 0)];
        Span<byte> random = stackalloc byte[sizeof(uint)];
        scheduler.FillRandom(random);
        uint number = BinaryPrimitives.ReadUInt32LittleEndian(random);
        return available.Count > 0 ? available[(int)(number % (uint)available.Count)].Number : (int)(number % (uint)topic.Partitions.Count);
    }

    private readonly record struct Sticky(int Partition, long Bytes);
}
