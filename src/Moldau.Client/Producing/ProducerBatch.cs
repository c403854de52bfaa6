using System.Buffers.Binary;
using Moldau.Protocol;
using Moldau.Protocol.Batches;

namespace Moldau.Client.Producing;

/// <summary>What became of a batch.</summary>
internal readonly record struct BatchOutcome(long BaseOffset, long AppendTimeMs);

/// <summary>Records of one partition that travel together. Its state belongs to the accumulator's lock, its bytes to the sender from the sealing on.</summary>
internal sealed class ProducerBatch(TopicPartition partition, RecordBatchBuilder builder, long createdAt)
{
    private readonly TaskCompletionSource<BatchOutcome> outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Memory<byte> bytes;
    private ProducerIdentity written;
    private int writtenSequence = -1;

    public TopicPartition Partition => partition;

    public RecordBatchBuilder Builder => builder;

    /// <summary>When its first record came, as a timestamp of the clock.</summary>
    public long CreatedAt => createdAt;

    public Task<BatchOutcome> Outcome => outcome.Task;

    /// <summary>Bytes of buffer memory that it holds.</summary>
    public long ReservedBytes { get; set; }

    /// <summary>Whether it takes no more records.</summary>
    public bool IsSealed { get; set; }

    /// <summary>Its first sequence number; -1 until it is first sent, and without idempotence.</summary>
    public int BaseSequence { get; set; } = -1;

    /// <summary>Its place among the partition's batches: sequence numbers wrap.</summary>
    public long Order { get; set; } = -1;

    /// <summary>How often it was sent.</summary>
    public int Attempts { get; set; }

    /// <summary>Whether an attempt ended without an answer: then it may be in the log.</summary>
    public bool MayBeWritten { get; set; }

    /// <summary>When it may be sent again, as a timestamp of the clock.</summary>
    public long NotBefore { get; set; }

    /// <summary>The broker it is on its way to; -1 when it waits.</summary>
    public int SentTo { get; set; } = -1;

    /// <summary>The batch as it goes on the wire, under the producer's identity.</summary>
    public ReadOnlyMemory<byte> Encode(ProducerIdentity identity)
    {
        bool isNew = bytes.IsEmpty;
        if (isNew) bytes = builder.Build();
        // The builder knew neither the identity nor the sequence, and both may change before a batch is sent again.
        if (identity != written || BaseSequence != writtenSequence)
        {
            Span<byte> span = bytes.Span;
            BinaryPrimitives.WriteInt64BigEndian(span[RecordBatchLayout.ProducerId..], identity.Id);
            BinaryPrimitives.WriteInt16BigEndian(span[RecordBatchLayout.ProducerEpoch..], identity.Epoch);
            BinaryPrimitives.WriteInt32BigEndian(span[RecordBatchLayout.BaseSequence..], BaseSequence);
            RecordBatch.WriteCrc(span);
            written = identity;
            writtenSequence = BaseSequence;
        }

        return bytes;
    }

    public void Succeed(BatchOutcome result) => outcome.TrySetResult(result);

    public void Fail(KafkaException failure)
    {
        // Nobody need wait for a delivery.
        if (outcome.TrySetException(failure)) _ = outcome.Task.Exception;
    }
}

/// <summary>Who an idempotent producer is to brokers.</summary>
internal readonly record struct ProducerIdentity(long Id, short Epoch)
{
    public static readonly ProducerIdentity None = new(-1, -1);
}
