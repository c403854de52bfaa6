using Moldau.Coordinators;
using Moldau.Coordinators.Groups;
using Moldau.Protocol;
using Moldau.Protocol.Batches;

namespace Moldau.Broker.Groups;

/// <summary>Appends the records of a shard's results, and replays them once they are in the log. Used by the shard's loop alone.</summary>
internal sealed class ShardWriter(GroupShard shard, ICoordinatorLog log) : IDisposable
{
    // Kafka's coordinators leave the sequence at 0, though there is no producer to count for.
    private static readonly RecordBatchOptions Options = new() { BaseSequence = 0 };

    private readonly RecordBatchBuilder builder = new(Options);
    private readonly List<CoordinatorRecord> inBatch = [];

    /// <summary>The offset behind the last record written.</summary>
    public long End { get; private set; } = log.EndOffset;

    /// <summary>Writes a result's records: in one batch, or in several where the result allows it.</summary>
    public ErrorCode Append(CoordinatorResult result)
    {
        Begin();
        foreach (CoordinatorRecord record in result.Records)
        {
            byte[] key = GroupRecordCodec.EncodeKey(record.Key);
            byte[]? value = GroupRecordCodec.EncodeValue(record);
            if (!builder.HasRoomFor(log.BatchBytesMax, result.NowMs, key, value))
            {
                if (result.IsAtomic) return ErrorCode.MessageTooLarge;
                if (Flush() is var error and not ErrorCode.None) return error;
                Begin();
            }

            builder.Append(result.NowMs, key, value);
            inBatch.Add(record);
        }

        return Flush();
    }

    public void Dispose() => builder.Dispose();

    private void Begin()
    {
        builder.Reset(Options);
        inBatch.Clear();
    }

    private ErrorCode Flush()
    {
        if (inBatch.Count == 0) return ErrorCode.None;
        Memory<byte> batch = builder.Build();

        // The builder takes a first record of any size.
        if (batch.Length > log.BatchBytesMax) return ErrorCode.MessageTooLarge;
        CoordinatorAppend append = log.Append(batch);
        if (append.Error != ErrorCode.None) return append.Error;
        long offset = append.BaseOffset;
        foreach (CoordinatorRecord record in inBatch) shard.Replay(offset++, ProducerId.None, record);
        End = offset;
        return ErrorCode.None;
    }
}
