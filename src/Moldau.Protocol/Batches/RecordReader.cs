using System.Diagnostics.CodeAnalysis;
using Moldau.Protocol.Compression;

namespace Moldau.Protocol.Batches;

/// <summary>
/// Walks over the records of one batch of any magic. Compressed records are unfolded into a buffer of the pool, which <see cref="Dispose"/> gives back,
/// or into the caller's. A mutable struct: keep it in a local, never copy it. Does not look at the batch's checksum; messages inside a
/// wrapper of magic 0 and 1 have their own, which is verified.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "It is disposable: the rule does not see that of a struct.")]
public struct RecordReader : IDisposable
{
    private readonly bool legacy;
    private PooledBuffer? owned;
    private RecordCursor records;
    private LegacyCursor messages;

    private RecordReader(ReadOnlyMemory<byte> batch, PooledBuffer? buffer, int decompressedBytesMax)
    {
        RecordBatchHeader header = new(batch.Span);
        legacy = header.IsLegacy;
        bool compressed = header.Compression != CompressionType.None && header.Count != 0;
        if (compressed && buffer is null) buffer = owned = new PooledBuffer();
        try
        {
            if (legacy) messages = LegacyCursor.Open(batch, buffer, decompressedBytesMax);
            else records = RecordCursor.Open(batch, buffer, decompressedBytesMax);
        }
        catch
        {
            owned?.Dispose();
            throw;
        }
    }

    /// <summary>The record that the last step reached.</summary>
    public readonly Record Current => legacy ? messages.Current : records.Current;

    /// <summary>Stands before the first record of a batch that <see cref="RecordBatch.Probe(ReadOnlySpan{byte}, out int)"/> recognized.</summary>
    /// <param name="batch">The whole batch.</param>
    /// <param name="buffer">Where compressed records unfold to: appended, and the caller's to clear and dispose. Null: a buffer of the reader's own.</param>
    /// <param name="decompressedBytesMax">Bytes that compressed records may unfold to.</param>
    /// <exception cref="RecordFormatException">The records cannot be decompressed, or their count is negative.</exception>
    public static RecordReader Open(ReadOnlyMemory<byte> batch, PooledBuffer? buffer = null, int decompressedBytesMax = Limits.DecompressedBatchBytes) =>
        new(batch, buffer, decompressedBytesMax);

    /// <summary>Steps to the next record; false behind the last one.</summary>
    /// <exception cref="RecordFormatException">The record is damaged, or their number is not what the batch says.</exception>
    public bool MoveNext() => legacy ? messages.MoveNext() : records.MoveNext();

    /// <summary>For <c>foreach</c>, which disposes the reader at its end.</summary>
    public readonly RecordReader GetEnumerator() => this;

    /// <summary>Gives the reader's own buffer back. Records that it has given are invalid from here on.</summary>
    public void Dispose()
    {
        owned?.Dispose();
        owned = null;
    }
}
