using System.Buffers.Binary;
using Moldau.Protocol.Compression;

namespace Moldau.Protocol.Batches;

/// <summary>
/// Writes one batch of magic 2 after another: <see cref="Reset"/>, append records, <see cref="Build"/>. Not thread-safe. Its buffers come from the
/// pool and stay with it until it is disposed; in steady state it allocates nothing.
/// </summary>
public sealed class RecordBatchBuilder : IDisposable
{
    private readonly PooledBuffer plain = new();
    private readonly PooledBuffer compressed = new();
    private RecordBatchOptions options;
    private long baseTimestamp;
    private long maxTimestamp;
    private int lastOffsetDelta;
    private bool built;

    /// <summary>Begins a batch.</summary>
    public RecordBatchBuilder(in RecordBatchOptions options) => Reset(options);

    /// <summary>Records appended so far.</summary>
    public int Count { get; private set; }

    /// <summary>The offset that the next record gets by <see cref="Append"/>.</summary>
    public Offset NextOffset => new(options.BaseOffset.Value + lastOffsetDelta + 1);

    /// <summary>Bytes of the batch as it stands, before compression. Exact for an uncompressed batch.</summary>
    public int SizeInBytes => plain.Length;

    /// <summary>
    /// What compression is expected to leave of a byte, from earlier batches: 1 without compression. A producer that knows it fills its batches
    /// by <see cref="EstimatedSizeInBytes"/>, as Kafka's does.
    /// </summary>
    public double ExpectedCompressionRatio { get; set; } = 1;

    /// <summary>Bytes that the built batch is expected to have.</summary>
    public int EstimatedSizeInBytes =>
        RecordBatchLayout.HeaderBytes + (int)Math.Min(Limits.BuiltBatchBytes, (plain.Length - RecordBatchLayout.HeaderBytes) * ExpectedCompressionRatio);

    /// <summary>Forgets what was appended and begins another batch. What <see cref="Build"/> gave is invalid from here on.</summary>
    public void Reset(in RecordBatchOptions newOptions)
    {
        options = newOptions;
        plain.Clear();
        plain.GetSpan(RecordBatchLayout.HeaderBytes)[..RecordBatchLayout.HeaderBytes].Clear();
        plain.Advance(RecordBatchLayout.HeaderBytes);
        baseTimestamp = newOptions.DeleteHorizonMs ?? -1;
        maxTimestamp = -1;
        lastOffsetDelta = -1;
        Count = 0;
        built = false;
    }

    /// <summary>Whether one more record keeps the batch within <paramref name="batchBytesMax"/>, by the estimate. A first record always fits: no batch could be smaller.</summary>
    public bool HasRoomFor(int batchBytesMax, long timestampMs, NullableBytes key, NullableBytes value, ReadOnlySpan<RecordHeader> headers = default) =>
        Count == 0 || EstimatedSizeInBytes + SizeOfNext(timestampMs, key, value, headers) <= batchBytesMax;

    /// <summary>Bytes that one more record adds to <see cref="SizeInBytes"/>.</summary>
    public long SizeOfNext(long timestampMs, NullableBytes key, NullableBytes value, ReadOnlySpan<RecordHeader> headers = default) =>
        RecordWriter.SizeOf(TimestampDelta(timestampMs), lastOffsetDelta + 1, key, value, headers);

    /// <summary>Appends a record right behind the last one.</summary>
    /// <param name="timestampMs">Its timestamp; -1 for none.</param>
    /// <param name="key">Copied.</param>
    /// <param name="value">Copied.</param>
    /// <param name="headers">Copied.</param>
    /// <returns>Its offset from the base offset.</returns>
    public int Append(long timestampMs, NullableBytes key, NullableBytes value, ReadOnlySpan<RecordHeader> headers = default)
    {
        AppendAt(NextOffset, timestampMs, key, value, headers);
        return lastOffsetDelta;
    }

    /// <summary>Appends a record at an offset behind the last one: the log cleaner leaves gaps.</summary>
    public void AppendAt(Offset offset, long timestampMs, NullableBytes key, NullableBytes value, ReadOnlySpan<RecordHeader> headers = default)
    {
        Invariant.That(!built && offset.Value >= NextOffset.Value && offset.Value - options.BaseOffset.Value <= int.MaxValue);
        int offsetDelta = (int)(offset.Value - options.BaseOffset.Value);
        if (Count == 0 && options.DeleteHorizonMs is null) baseTimestamp = timestampMs;
        long delta = TimestampDelta(timestampMs);
        Invariant.That(plain.Length + RecordWriter.SizeOf(delta, offsetDelta, key, value, headers) <= Limits.BuiltBatchBytes);
        RecordWriter.Write(plain, delta, offsetDelta, key, value, headers);
        maxTimestamp = Math.Max(maxTimestamp, timestampMs);
        lastOffsetDelta = offsetDelta;
        Count++;
    }

    /// <summary>Appends a control record: the key is version 0 and the type.</summary>
    public int AppendControl(long timestampMs, ControlRecordType type, NullableBytes value)
    {
        Invariant.That(options.IsControl);
        byte[] key = new byte[4];
        BinaryPrimitives.WriteInt16BigEndian(key.AsSpan(2), (short)type);
        return Append(timestampMs, key, value);
    }

    /// <summary>Compresses and completes the batch. The bytes are the builder's, until the next <see cref="Reset"/> or <see cref="Dispose"/>.</summary>
    public Memory<byte> Build()
    {
        Invariant.That(!built && (Count > 0 || options.LastOffsetDelta is not null));
        built = true;
        Span<byte> records = plain.Span[RecordBatchLayout.HeaderBytes..];
        PooledBuffer result = plain;
        if (options.Compression != CompressionType.None)
        {
            result = compressed;
            compressed.Clear();
            compressed.Write(plain.Span[..RecordBatchLayout.HeaderBytes]);
            RecordCompression.Compress(options.Compression, options.CompressionLevel ?? CompressionLevels.Default(options.Compression), records, compressed);
        }

        RecordBatchWriter.WriteHeader(result.Span, options, options.LastOffsetDelta ?? lastOffsetDelta, baseTimestamp, options.AppendTimeMs ?? maxTimestamp, Count);
        return result.Memory;
    }

    /// <summary><see cref="Build"/>, copied.</summary>
    public byte[] BuildArray() => Build().ToArray();

    /// <summary>Gives the buffers back.</summary>
    public void Dispose()
    {
        plain.Dispose();
        compressed.Dispose();
    }

    private long TimestampDelta(long timestampMs) =>
        Count == 0 && options.DeleteHorizonMs is null ? 0 : unchecked(timestampMs - baseTimestamp);
}
