using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Storage;

namespace Moldau.Broker.Quorum;

/// <summary>The partition log as raft uses it: batches go in with their offsets, come out whole, and a failure of the disk is the node's.</summary>
internal sealed class MetadataLog(PartitionLog log)
{
    private const int ReadBytes = 1024 * 1024;

    public long StartOffset => log.LogStartOffset;

    public long EndOffset => log.LogEndOffset;

    public long FlushedOffset => log.FlushedOffset;

    public long SizeInBytes => log.SizeInBytes;

    public IReadOnlyList<Moldau.Storage.Epochs.EpochStart> Epochs => log.Epochs;

    /// <exception cref="MetadataLogFailedException">The log's directory is offline.</exception>
    public void ThrowIfFailed()
    {
        if (log.Directory.Failure is { } failure) throw new MetadataLogFailedException(failure);
    }

    /// <summary>Appends whole batches that follow the log's end.</summary>
    /// <exception cref="MetadataLogFailedException">The disk failed.</exception>
    public void Append(ReadOnlyMemory<byte> batches)
    {
        AppendResult result = log.AppendAsFollower(batches);
        if (result.Error != ErrorCode.None) throw new MetadataLogFailedException(log.Directory.Failure ?? new IOException(result.Reason));
    }

    /// <summary>Asks for a flush; the log's listener tells when it is done.</summary>
    public void RequestFlush() => log.RequestFlush();

    /// <summary>Cuts the log.</summary>
    public void TruncateTo(long endOffset) => Guard(() => log.TruncateTo((Offset)endOffset));

    /// <summary>Empties the log; it goes on at an offset.</summary>
    public void StartAt(long offset) => Guard(() => log.TruncateFullyAndStartAt((Offset)offset));

    /// <summary>Raises the high watermark.</summary>
    public void SetHighWatermark(long offset) => log.SetHighWatermark((Offset)offset);

    /// <summary>Deletes what lies below an offset that a snapshot covers.</summary>
    public void DeleteBefore(long offset) => Guard(() =>
    {
        Invariant.That(log.DeleteRecords((Offset)offset) == ErrorCode.None);
        log.DeleteOldSegments();
    });

    /// <summary>Whole batches from the one that holds <paramref name="from"/> on, below <paramref name="upperBound"/>: some, at least one if there is one. Null: the log begins behind it.</summary>
    /// <exception cref="MetadataLogFailedException">The disk failed.</exception>
    /// <exception cref="MetadataLogCorruptException">What is there does not follow.</exception>
    public List<ReadOnlyMemory<byte>>? Read(long from, long upperBound)
    {
        LogReadResult read = log.Read((Offset)from, ReadBytes, (Offset)upperBound, atLeastOneBatch: true);
        if (read.Error == ErrorCode.OffsetOutOfRange) return null;
        if (read.Error != ErrorCode.None) throw new MetadataLogFailedException(log.Directory.Failure ?? new IOException(read.Error.KafkaName()));
        if (read.SizeInBytes == 0) return [];
        ReadOnlyMemory<byte> bytes;
        try
        {
            bytes = read.Records.ToMemory();
        }
        finally
        {
            read.Records.Region?.File.Release();
        }

        return Split(bytes, from);
    }

    // The log has no holes. No checksum covers a batch's offset: who followed a damaged one would read the same batches for ever, or miss some.
    private List<ReadOnlyMemory<byte>> Split(ReadOnlyMemory<byte> bytes, long from)
    {
        List<ReadOnlyMemory<byte>> batches = [];
        long due = from;
        var enumerator = new RecordBatchEnumerator(bytes.Span);
        while (enumerator.MoveNext())
        {
            RecordBatchHeader header = enumerator.Current;
            bool follows = batches.Count == 0 ? header.BaseOffset <= due : header.BaseOffset == due;
            if (!follows || header.LastOffset < due)
                throw new MetadataLogCorruptException(log.Directory.Path, $"the metadata log has a batch of offsets {header.BaseOffset} to {header.LastOffset} where offset {due} is due");
            batches.Add(bytes.Slice(enumerator.Position, enumerator.CurrentBytes.Length));
            due = header.LastOffset + 1;
        }

        return batches.Count > 0 ? batches : throw new MetadataLogCorruptException(log.Directory.Path, $"the metadata log has no whole batch at offset {from}");
    }

    private static void Guard(Action change)
    {
        try
        {
            change();
        }
        catch (LogUnavailableException broken)
        {
            throw new MetadataLogFailedException(broken);
        }
    }
}
