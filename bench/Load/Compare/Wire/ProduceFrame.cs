using System.Buffers.Binary;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Messages;

namespace Moldau.Load.Compare.Wire;

/// <summary>A Produce request with one batch for one partition; correlation id, partition and the producer's marks are patched before each send.</summary>
internal sealed class ProduceFrame
{
    private const short Version = 13;
    private const int PartitionMark = 0x5AD1_7E3B;
    private const int TimeoutMs = 30_000;

    // An answer of version 13, without its size, when it is for one partition: correlation id, tags, one topic, its id, one partition, its index.
    private const int ErrorAt = 4 + 1 + 1 + 16 + 1 + 4;

    private readonly int partitionAt;
    private readonly int batchAt;
    private readonly int batchBytes;

    public ProduceFrame(Uuid topicId, short acks, BatchTemplate batch)
    {
        var request = new ProduceRequest { Acks = acks, TimeoutMs = TimeoutMs };
        ProduceRequest.TopicProduceData topic = request.TopicData.Add();
        topic.TopicId = topicId;
        ProduceRequest.PartitionProduceData partition = topic.PartitionData.Add();
        partition.Index = PartitionMark;
        partition.Records = Records.Empty;
        int withoutRecords = EncodedRequest.Encode(request, Version).Length;
        partition.Records = new Records(batch.Bytes);
        Bytes = EncodedRequest.Encode(request, Version);
        partitionAt = EncodedRequest.Find(Bytes, PartitionMark);
        batchAt = Bytes.AsSpan().IndexOf(batch.Bytes);
        batchBytes = batch.Bytes.Length;
        Count = batch.Count;
        Invariant.That(batchAt > 0 && Bytes.Length > withoutRecords);
    }

    public byte[] Bytes { get; }

    /// <summary>Records of its batch.</summary>
    public int Count { get; }

    /// <summary>Makes a copy of the frame the request that is sent next.</summary>
    public void Patch(Span<byte> frame, int correlationId, int partition)
    {
        BinaryPrimitives.WriteInt32BigEndian(frame[EncodedRequest.CorrelationIdAt..], correlationId);
        BinaryPrimitives.WriteInt32BigEndian(frame[partitionAt..], partition);
    }

    /// <summary>Marks its batch as the next one of an idempotent producer, and computes its checksum anew.</summary>
    public void PatchProducer(Span<byte> frame, ProducerIdentity producer, int sequence)
    {
        Span<byte> batch = frame.Slice(batchAt, batchBytes);
        BinaryPrimitives.WriteInt64BigEndian(batch[RecordBatchLayout.ProducerId..], producer.Id);
        BinaryPrimitives.WriteInt16BigEndian(batch[RecordBatchLayout.ProducerEpoch..], producer.Epoch);
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatchLayout.BaseSequence..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(batch[RecordBatchLayout.Crc..], Crc32C.Compute(batch[RecordBatchLayout.Attributes..]));
    }

    /// <summary>What an answer says: the correlation id and the base offset.</summary>
    /// <exception cref="ReplayException">It says that the batch was refused.</exception>
    public static (int CorrelationId, long BaseOffset) Read(ReadOnlySpan<byte> answer)
    {
        var error = (ErrorCode)BinaryPrimitives.ReadInt16BigEndian(answer[ErrorAt..]);
        if (error != ErrorCode.None) throw new ReplayException($"a batch was refused: {error}");
        return (BinaryPrimitives.ReadInt32BigEndian(answer), BinaryPrimitives.ReadInt64BigEndian(answer[(ErrorAt + sizeof(short))..]));
    }
}
