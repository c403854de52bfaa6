using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Storage.Producers;

namespace Moldau.Storage.Logs;

/// <summary>An append of batches that have their offsets already.</summary>
internal static class FollowerAppend
{
    /// <summary>Appends batches that were verified.</summary>
    /// <exception cref="IOException">The write failed; the directory is to go offline.</exception>
    public static AppendResult Append(LogState log, ReadOnlyMemory<byte> batches, in ReplicatedRecords found, out bool rolled)
    {
        rolled = false;
        TransactionMarker?[] markers = Markers(batches);
        lock (log.Gate)
        {
            var start = (Offset)log.LogStartOffset;
            if (log.Directory.IsOffline) return AppendResult.Fail(ErrorCode.KafkaStorageError, "the log directory is offline", start);
            if (log.Closed) return AppendResult.Fail(ErrorCode.NotLeaderOrFollower, "the log is closed", start);
            if (found.BatchCount > 0)
            {
                if (found.FirstOffset < log.End.Offset) throw new UnexpectedAppendOffsetException(log.Partition, found.FirstOffset, log.End.Offset);
                int segments = log.Segments.Length;
                var shape = new AppendShape(found.FirstOffset, found.LastOffset, found.MaxTimestampMs);
                LogAppend.Write(log, batches.Span, shape, markers, log.Directory.NowMs);
                rolled = log.Segments.Length != segments;
                log.UpdateLastStableOffset();
            }

            return new AppendResult
            {
                BaseOffset = found.FirstOffset,
                LastOffset = found.LastOffset,
                LogAppendTimeMs = -1,
                LogStartOffset = start,
                RecordErrors = [],
            };
        }
    }

    // In the order of the control batches, none for those without a producer.
    private static TransactionMarker?[] Markers(ReadOnlyMemory<byte> batches)
    {
        List<TransactionMarker?>? markers = null;
        var walk = new RecordBatchEnumerator(batches.Span);
        while (walk.MoveNext())
        {
            if (!walk.Current.IsControl) continue;
            (markers ??= []).Add(walk.Current.HasProducerId ? TransactionMarker.Read(batches.Slice(walk.Position, walk.CurrentBytes.Length)) : null);
        }

        return markers is null ? [] : [.. markers];
    }
}
