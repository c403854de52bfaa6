using Moldau.Client.Admin;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Compression;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Consuming;

/// <summary>Fetched records of one partition, given out piece by piece: without control records and, for read_committed, without what was aborted.</summary>
internal sealed class FetchedPartition
{
    private readonly ReadOnlyMemory<byte> bytes;
    private readonly ConsumerOptions options;
    private readonly HashSet<long> aborting = [];
    private readonly PriorityQueue<long, long> aborted = new();
    private int next;
    private bool isOpen;
    private long batchEnd;
    private int batchEpoch;
    private TimestampType timestampType;
    private RecordReader reader;

    public FetchedPartition(AssignedPartition partition, int move, FetchResponse.PartitionData data, ConsumerOptions options)
    {
        this.options = options;
        Partition = partition;
        Move = move;
        bytes = data.Records.ToMemory();
        if (options.IsolationLevel != IsolationLevel.ReadCommitted) return;
        foreach (FetchResponse.AbortedTransaction transaction in data.AbortedTransactions ?? []) aborted.Enqueue(transaction.ProducerId, transaction.FirstOffset);
    }

    public AssignedPartition Partition { get; }

    /// <summary>The partition's <see cref="AssignedPartition.Move"/> when it was asked for.</summary>
    public int Move { get; }

    /// <summary>Gives out up to <paramref name="count"/> records and moves the position behind them.</summary>
    /// <returns>Whether there may be more.</returns>
    /// <exception cref="KafkaException">CORRUPT_MESSAGE: the bytes are damaged.</exception>
    public bool Take(List<ConsumedRecord> target, int count)
    {
        try
        {
            while (count > 0)
            {
                if (!isOpen && !OpenNext()) return false;
                while (count > 0)
                {
                    if (!reader.MoveNext())
                    {
                        CloseBatch();
                        break;
                    }

                    Record record = reader.Current;
                    // A batch may begin before the position that was asked for.
                    if (record.Offset.Value < Partition.Position) continue;
                    target.Add(new ConsumedRecord(Partition.Partition, record, timestampType, batchEpoch));
                    Partition.Advance(record.Offset.Value + 1, batchEpoch);
                    count--;
                }
            }

            return true;
        }
        catch (RecordFormatException e)
        {
            throw new KafkaException(ErrorCode.CorruptMessage, $"{Partition.Partition} at offset {Partition.Position}: {e.Message}", e);
        }
    }

    private bool OpenNext()
    {
        while (true)
        {
            ReadOnlyMemory<byte> rest = bytes[next..];
            BatchScan scan = RecordBatch.Probe(rest.Span, out int size);
            if (scan == BatchScan.Corrupt) throw new RecordFormatException(RecordFormatError.Batch, "no batch begins there");
            // A fetch is cut at its size limit, wherever that falls.
            if (scan != BatchScan.Batch) return false;
            ReadOnlyMemory<byte> batch = rest[..size];
            next += size;
            if (options.CheckCrcs) RecordBatch.EnsureValid(batch.Span);
            if (IsSkipped(batch))
            {
                Partition.Advance(Math.Max(Partition.Position, new RecordBatchHeader(batch.Span).LastOffset.Value + 1), -1);
                continue;
            }

            Open(batch);
            return true;
        }
    }

    private void Open(ReadOnlyMemory<byte> batch)
    {
        RecordBatchHeader header = new(batch.Span);
        batchEnd = header.IsLegacy ? -1 : header.LastOffset.Value + 1;
        batchEpoch = header.LeaderEpoch.Value;
        timestampType = header.TimestampType;
        // Records outlive the reader, so that what compressed ones unfold to is left to the collector.
        reader = RecordReader.Open(batch, header.Compression == CompressionType.None ? null : new PooledBuffer());
        isOpen = true;
    }

    private void CloseBatch()
    {
        isOpen = false;
        // The cleaner leaves gaps at the end of batches.
        if (batchEnd > Partition.Position) Partition.Advance(batchEnd, batchEpoch);
    }

    private bool IsSkipped(ReadOnlyMemory<byte> batch)
    {
        RecordBatchHeader header = new(batch.Span);
        if (header.IsLegacy) return false;
        if (options.IsolationLevel == IsolationLevel.ReadCommitted && header.HasProducerId)
        {
            while (aborted.TryPeek(out long producer, out long first) && first <= header.LastOffset.Value)
            {
                aborted.Dequeue();
                aborting.Add(producer);
            }

            if (header.IsControl && ControlTypeOf(batch) == ControlRecordType.Abort) aborting.Remove(header.ProducerId.Value);
            else if (header.IsTransactional && !header.IsControl && aborting.Contains(header.ProducerId.Value)) return true;
        }

        return header.IsControl;
    }

    private static ControlRecordType? ControlTypeOf(ReadOnlyMemory<byte> batch)
    {
        using RecordReader control = RecordReader.Open(batch);
        foreach (Record record in control) return record.ControlType;
        return null;
    }
}
