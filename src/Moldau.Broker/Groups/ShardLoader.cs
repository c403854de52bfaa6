using Moldau.Coordinators;
using Moldau.Coordinators.Groups;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Transport;

namespace Moldau.Broker.Groups;

/// <summary>Replays a partition of <c>__consumer_offsets</c> into a shard that nobody else uses yet.</summary>
internal sealed class ShardLoader(GroupShard shard, ICoordinatorLog log, int bufferBytes, bool losesLast = false)
{
    private long next;

    /// <summary>Records replayed.</summary>
    public int Records { get; private set; }

    /// <summary>Records of types that a later version has written; they stay in the log and are of no effect here.</summary>
    public int UnknownRecords { get; private set; }

    /// <summary>Reads to the log's end. NONE, or what the log says when it cannot be read.</summary>
    /// <exception cref="IOException">A batch or a record is damaged.</exception>
    public async Task<ErrorCode> LoadAsync(IScheduler scheduler, CancellationToken cancellation)
    {
        long end = log.EndOffset;
        while (next < end && !cancellation.IsCancellationRequested)
        {
            CoordinatorRead read = default;
            await scheduler.RunBlocking(() => read = log.Read(next, bufferBytes));
            if (read.Error != ErrorCode.None) return read.Error;
            next = Math.Max(next, read.StartOffset);

            // Cleaning may have left nothing at the end of the log.
            if (read.Batches.IsEmpty) return ErrorCode.None;
            long before = next;
            Replay(read.Batches);
            // A damaged offset must not lead back: no checksum covers it.
            if (next <= before) throw new RecordFormatException(RecordFormatError.Batch, $"no whole batch at offset {before}");
        }

        return ErrorCode.None;
    }

    private void Replay(ReadOnlyMemory<byte> batches)
    {
        var walk = new RecordBatchEnumerator(batches.Span);
        while (walk.MoveNext())
        {
            RecordBatchHeader header = walk.Current;
            ReplayBatch(header, batches.Slice(walk.Position, header.SizeInBytes));
            next = header.LastOffset + 1;
        }
    }

    private void ReplayBatch(RecordBatchHeader header, ReadOnlyMemory<byte> batch)
    {
        ProducerId producer = header.IsTransactional ? header.ProducerId : ProducerId.None;
        foreach (Record record in RecordReader.Open(batch))
        {
            if (header.IsControl) ReplayControl(producer, record.ControlType);
            else if (GroupRecordCodec.Decode(record.Key.Memory, record.Value) is { } decoded) ReplayOne(record.Offset, producer, decoded);
            else UnknownRecords++;
        }
    }

    private void ReplayOne(long offset, ProducerId producer, CoordinatorRecord record)
    {
        if (losesLast && offset == log.EndOffset - 1) return;
        shard.Replay(offset, producer, record);
        Records++;
    }

    private void ReplayControl(ProducerId producer, ControlRecordType? type)
    {
        if (type is ControlRecordType.Commit or ControlRecordType.Abort) shard.ReplayEndTransaction(producer, type == ControlRecordType.Commit);
    }
}
