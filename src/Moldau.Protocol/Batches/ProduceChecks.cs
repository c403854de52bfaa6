using System.Buffers.Binary;
using Moldau.Protocol.Compression;

namespace Moldau.Protocol.Batches;

/// <summary>The checks of <see cref="ProduceValidator"/> that look at batches and their headers, each null when all is well.</summary>
internal static class ProduceChecks
{
    // Produce requests below this version may not carry zstd (KIP-110).
    private const short ZstdProduceVersion = 7;

    /// <summary>What must hold of the first batch before there is a look at more.</summary>
    public static ProduceFailure? First(scoped in RecordBatchEnumerator batches, ReadOnlySpan<byte> payload, bool found, short produceVersion)
    {
        if (!found)
        {
            if (batches.State == BatchScan.Corrupt) return Corruption(batches, payload, first: true);
            return ProduceFailure.Invalid("there is no whole batch in the records");
        }

        RecordBatchHeader header = batches.Current;
        if (header.Magic != 2) return ProduceFailure.Invalid($"the batch is of magic {header.Magic}, which is not written any more");
        if (produceVersion < ZstdProduceVersion && header.Compression == CompressionType.Zstd)
            return new ProduceFailure(ErrorCode.UnsupportedCompressionType, $"zstd needs Produce {ZstdProduceVersion} or later, not {produceVersion}");
        return null;
    }

    /// <summary>What must hold of what follows the first batch.</summary>
    public static ProduceFailure? Rest(scoped in RecordBatchEnumerator batches, ReadOnlySpan<byte> payload) => batches.State switch
    {
        BatchScan.Batch => ProduceFailure.Invalid("there is more than one batch in the records"),
        BatchScan.Corrupt => Corruption(batches, payload, first: false),
        _ => null,
    };

    /// <summary>Place, size and checksum of the batch, and that its codec exists.</summary>
    public static ProduceFailure? Batch(ReadOnlySpan<byte> batch, ProduceValidationOptions options, AppendOrigin origin)
    {
        RecordBatchHeader header = new(batch);
        if (origin == AppendOrigin.Client && header.BaseOffset.Value != 0)
            return ProduceFailure.Invalid($"the base offset is {header.BaseOffset}, and 0 is what a producer sends");
        if (batch.Length > options.MaxMessageBytes) return TooLarge(batch.Length, options);
        if (!RecordBatch.IsValid(batch)) return ProduceFailure.Corrupt("the batch's checksum is wrong");
        return header.Compression > CompressionType.Zstd
            ? ProduceFailure.Corrupt($"no codec has the id {(int)header.Compression}", StricterRule.CodecId)
            : null;
    }

    /// <summary>Counts, flags and sequence of the header.</summary>
    public static ProduceFailure? Header(RecordBatchHeader header, AppendOrigin origin)
    {
        int count = header.Count!.Value;
        if (count <= 0) return ProduceFailure.Invalid($"the batch says that it has {count} records");
        if (header.LastOffsetDelta != count - 1)
            return ProduceFailure.Invalid($"the last offset delta is {header.LastOffsetDelta} with {count} records");
        if (origin != AppendOrigin.Client) return null;
        if (header.IsControl) return ProduceFailure.Invalid("clients do not write control records");
        return header.HasProducerId && header.BaseSequence < 0
            ? ProduceFailure.Invalid($"the producer {header.ProducerId} sends the sequence number {header.BaseSequence}")
            : null;
    }

    /// <summary>What Kafka lets pass.</summary>
    public static ProduceFailure? Beyond(RecordBatchHeader header, BatchScan rest)
    {
        if (rest == BatchScan.TornTail) return ProduceFailure.Invalid("there are bytes behind the batch that are no batch", StricterRule.StrayBytes);
        if (header.Attributes.HasReservedBits) return ProduceFailure.Invalid($"the attributes 0x{header.Attributes.Value:x4} have bits without meaning", StricterRule.ReservedAttributes);
        return header.Attributes.HasDeleteHorizon
            ? ProduceFailure.Invalid("the delete horizon is the log cleaner's to set", StricterRule.DeleteHorizon)
            : null;
    }

    public static ProduceFailure TooLarge(int size, ProduceValidationOptions options) =>
        new(ErrorCode.MessageTooLarge, $"the batch has {size} bytes, and the topic takes {options.MaxMessageBytes}");

    private static ProduceFailure Corruption(scoped in RecordBatchEnumerator batches, ReadOnlySpan<byte> payload, bool first)
    {
        RecordFormatException damage = batches.Corruption();
        bool overflow = BinaryPrimitives.ReadInt32BigEndian(payload[(batches.Position + RecordBatchLayout.Length)..]) > int.MaxValue - RecordBatchLayout.LogOverhead;
        return ProduceFailure.Corrupt(
            damage.Message, overflow ? StricterRule.BatchLength : StricterRule.None, inResponse: first && damage.Error == RecordFormatError.Batch);
    }
}
