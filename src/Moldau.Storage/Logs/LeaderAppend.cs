using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Storage.Producers;

namespace Moldau.Storage.Logs;

/// <summary>A leader's append: sequence check, offsets, roll, one write, all under the log's lock.</summary>
internal static class LeaderAppend
{
    /// <summary>Appends a batch that was validated.</summary>
    /// <exception cref="IOException">The write failed; the directory is to go offline.</exception>
    public static AppendResult Append(LogState log, in ValidatedBatch batch, in AppendContext context, out bool rolled)
    {
        rolled = false;
        TransactionMarker? marker = batch.IsControl && batch.ProducerId.Value >= 0 ? TransactionMarker.Read(batch.Bytes) : null;
        lock (log.Gate)
        {
            var start = (Offset)log.LogStartOffset;
            if (log.Directory.IsOffline) return AppendResult.Fail(ErrorCode.KafkaStorageError, "the log directory is offline", start);
            if (log.Closed) return AppendResult.Fail(ErrorCode.NotLeaderOrFollower, "the log is closed", start);
            if (batch.Bytes.Length > log.Config.SegmentBytes)
                return AppendResult.Fail(ErrorCode.RecordListTooLarge, $"a batch of {batch.Bytes.Length} bytes does not fit in a segment of {log.Config.SegmentBytes}", start);
            var header = new RecordBatchHeader(batch.Bytes.Span);
            if (header.HasProducerId)
            {
                SequenceVerdict verdict = SequenceCheck.Check(log.Producers, header, marker, context.Origin);
                if (verdict.Error == ErrorCode.OutOfOrderSequenceNumber && EarlierBatches.Recall(log, header.ProducerId))
                    verdict = SequenceCheck.Check(log.Producers, header, marker, context.Origin);
                if (verdict.Error != ErrorCode.None) return AppendResult.Fail(verdict.Error, verdict.Message!, start);
                if (verdict.Duplicate is { } duplicate) return Known(duplicate, start);
            }

            return Write(log, batch, context, marker, out rolled);
        }
    }

    private static AppendResult Write(LogState log, in ValidatedBatch batch, in AppendContext context, in TransactionMarker? marker, out bool rolled)
    {
        // The clock is read with the lock held, so that append times do not run backwards.
        long now = log.Directory.NowMs;
        AssignedBatch assigned = ProduceValidator.AssignOffsets(batch, (Offset)log.End.Offset, context.LeaderEpoch, now);
        int segments = log.Segments.Length;
        LogAppend.Write(log, batch.Bytes.Span, new AppendShape(assigned.BaseOffset, assigned.LastOffset, assigned.MaxTimestampMs), [marker], now);
        rolled = log.Segments.Length != segments;
        log.UpdateLastStableOffset();
        return new AppendResult
        {
            BaseOffset = assigned.BaseOffset,
            LastOffset = assigned.LastOffset,
            LogAppendTimeMs = assigned.LogAppendTimeMs,
            LogStartOffset = (Offset)log.LogStartOffset,
            RecordErrors = [],
        };
    }

    private static AppendResult Known(in ProducedBatch duplicate, Offset start) => new()
    {
        BaseOffset = (Offset)duplicate.FirstOffset,
        LastOffset = (Offset)duplicate.LastOffset,
        LogAppendTimeMs = duplicate.TimestampMs,
        LogStartOffset = start,
        IsDuplicate = true,
        RecordErrors = [],
    };
}
