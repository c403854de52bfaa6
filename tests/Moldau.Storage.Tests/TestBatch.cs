using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Compression;

namespace Moldau.Storage.Tests;

/// <summary>Batches as clients send them.</summary>
internal static class TestBatch
{
    /// <summary>Plain records with the given values; each has the batch's timestamp and its own value as key.</summary>
    public static byte[] Of(long timestampMs, params string[] values) => Build(new RecordBatchOptions(), timestampMs, values);

    /// <summary>One record, the batch of roughly so many bytes.</summary>
    public static byte[] Sized(int bytes, long timestampMs = 1_795_500_000_000) => Of(timestampMs, new string('x', Math.Max(0, (bytes - 72) / 2)));

    /// <summary>Records of an idempotent producer.</summary>
    public static byte[] Idempotent(long producer, short epoch, int sequence, int count, bool transactional = false, long timestampMs = 1_795_500_000_000) =>
        Build(
            new RecordBatchOptions { ProducerId = (ProducerId)producer, ProducerEpoch = epoch, BaseSequence = sequence, IsTransactional = transactional },
            timestampMs, [.. Enumerable.Range(0, count).Select(i => $"{producer}/{epoch}/{sequence + (long)i}")]);

    /// <summary>The marker that ends a transaction.</summary>
    public static byte[] Marker(long producer, short epoch, bool commit, int coordinatorEpoch = 0, long timestampMs = 1_795_500_000_000) =>
        ControlBatch.EndTxnMarker((ProducerId)producer, epoch, commit, coordinatorEpoch, timestampMs, Offset.Zero, LeaderEpoch.None);

    /// <summary>Compressed records.</summary>
    public static byte[] Compressed(CompressionType codec, long timestampMs, params string[] values) => Build(new RecordBatchOptions { Compression = codec }, timestampMs, values);

    /// <summary>Records as a leader hands them on: with their offset and epoch.</summary>
    public static byte[] At(long offset, int epoch, long timestampMs, params string[] values) =>
        Build(new RecordBatchOptions { BaseOffset = (Offset)offset, LeaderEpoch = (LeaderEpoch)epoch }, timestampMs, values);

    /// <summary>Records with keys; a null value is a tombstone.</summary>
    public static byte[] Keyed(in RecordBatchOptions options, long timestampMs, params (string? Key, string? Value)[] records)
    {
        using var builder = new RecordBatchBuilder(options);
        foreach ((string? key, string? value) in records)
            builder.Append(timestampMs, key is null ? null : System.Text.Encoding.UTF8.GetBytes(key), value is null ? null : System.Text.Encoding.UTF8.GetBytes(value));
        return builder.BuildArray();
    }

    /// <summary>Plain records with keys.</summary>
    public static byte[] Keyed(long timestampMs, params (string? Key, string? Value)[] records) => Keyed(new RecordBatchOptions(), timestampMs, records);

    private static byte[] Build(in RecordBatchOptions options, long timestampMs, string[] values)
    {
        using var builder = new RecordBatchBuilder(options);
        foreach (string value in values)
        {
            byte[] bytes = System.Text.Encoding.UTF8.GetBytes(value);
            builder.Append(timestampMs, bytes, bytes);
        }

        return builder.BuildArray();
    }
}
