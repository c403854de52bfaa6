using System.Buffers.Binary;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Compression;

namespace Moldau.Broker.Partitions;

/// <summary>Looks at the attributes of a batch before it is validated. What is too short or too old for them says no to everything.</summary>
internal static class BatchPeek
{
    public static bool IsCompressed(ReadOnlySpan<byte> batch) => AttributesOf(batch).Compression != CompressionType.None;

    public static bool IsTransactional(ReadOnlySpan<byte> batch) => AttributesOf(batch).IsTransactional;

    /// <summary>Whether the bytes are as long as the one batch of magic 2 that they begin with.</summary>
    public static bool IsOneBatch(ReadOnlySpan<byte> batch) =>
        batch.Length >= RecordBatchLayout.HeaderBytes && batch[RecordBatchLayout.Magic] == 2
        && BinaryPrimitives.ReadInt32BigEndian(batch[RecordBatchLayout.Length..]) == batch.Length - RecordBatchLayout.LogOverhead;

    private static RecordBatchAttributes AttributesOf(ReadOnlySpan<byte> batch)
    {
        bool hasThem = batch.Length >= RecordBatchLayout.HeaderBytes && batch[RecordBatchLayout.Magic] == 2;
        return hasThem ? new RecordBatchAttributes(BinaryPrimitives.ReadInt16BigEndian(batch[RecordBatchLayout.Attributes..])) : default;
    }
}
