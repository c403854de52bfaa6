using System.Buffers.Binary;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Load.Compare.Wire;

/// <summary>A Fetch request of one topic, without a session; correlation id and offsets are patched before each send.</summary>
internal sealed class FetchFrame
{
    private const short Version = 18;
    private const long OffsetMark = 0x4D6F_6C64_6175_0000;
    private readonly int[] offsetsAt;

    public FetchFrame(Uuid topicId, int[] partitions, FetchSizes sizes)
    {
        var request = new FetchRequest { MaxWaitMs = sizes.MaxWaitMs, MinBytes = 1, MaxBytes = sizes.Bytes, SessionEpoch = -1 };
        FetchRequest.FetchTopic topic = request.Topics.Add();
        topic.TopicId = topicId;
        for (int i = 0; i < partitions.Length; i++)
        {
            FetchRequest.FetchPartition partition = topic.Partitions.Add();
            partition.Partition = partitions[i];
            partition.FetchOffset = OffsetMark + i;
            partition.PartitionMaxBytes = sizes.PartitionBytes;
        }

        Bytes = EncodedRequest.Encode(request, Version);
        offsetsAt = [.. partitions.Select((_, i) => EncodedRequest.Find(Bytes, OffsetMark + i))];
    }

    public byte[] Bytes { get; }

    /// <summary>Where the offset of a partition stands, by its place in the request.</summary>
    public int OffsetAt(int place) => offsetsAt[place];

    public void Patch(int correlationId) => BinaryPrimitives.WriteInt32BigEndian(Bytes.AsSpan(EncodedRequest.CorrelationIdAt), correlationId);

    public void PatchOffset(int place, long offset) => BinaryPrimitives.WriteInt64BigEndian(Bytes.AsSpan(offsetsAt[place]), offset);
}

/// <summary>How much a fetch asks for; the defaults are those of Kafka's consumer, but for the whole answer, which is held in one buffer.</summary>
internal sealed record FetchSizes
{
    public int MaxWaitMs { get; init; } = 500;

    public int PartitionBytes { get; init; } = 1024 * 1024;

    public int Bytes { get; init; } = 8 * 1024 * 1024;
}
