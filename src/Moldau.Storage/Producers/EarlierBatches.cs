using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Storage.Files;
using Moldau.Storage.Indexes;
using Moldau.Storage.Logs;
using Moldau.Storage.Recovery;
using Moldau.Storage.Segments;

namespace Moldau.Storage.Producers;

/// <summary>
/// What a producer snapshot leaves out. It has each producer's last batch only, in Kafka's format, while a client that lost its connection may repeat any of
/// its last five. When such a batch would be refused, the log is looked at for what stands before the last one, once for each producer that came from a
/// snapshot: else a restart in the wrong moment would make an idempotent producer write a record twice under a new epoch.
/// </summary>
internal static class EarlierBatches
{
    /// <summary>Recalls what the log has of a producer. False when there is nothing new. Called with the gate.</summary>
    public static bool Recall(LogState log, ProducerId id)
    {
        if (log.Producers.Find(id) is not { MayHaveEarlier: true, Oldest: { } oldest } producer) return false;
        producer.MayHaveEarlier = false;
        int wanted = Limits.BatchesPerProducer - producer.Count;
        List<ProducedBatch> earlier = [];
        int budget = Limits.RecallBytesMax;
        LogSegment[] segments = log.Segments;
        int at = LogState.Floor(segments, oldest.FirstOffset);
        IndexRebuild.Ensure(log, segments[at]);
        int end = segments[at].Offsets.Lookup(oldest.FirstOffset).Position;
        while (budget > 0 && earlier.Count < wanted)
        {
            IndexRebuild.Ensure(log, segments[at]);
            List<ProducedBatch> found = In(segments[at], producer, oldest.FirstOffset, Start(segments[at], end - budget));
            int taken = Math.Min(found.Count, wanted - earlier.Count);
            earlier.InsertRange(0, found[^taken..]);
            if (at == 0) break;
            budget -= end;
            end = segments[--at].Size;
        }

        producer.Recall(earlier);
        return earlier.Count > 0;
    }

    private static int Start(LogSegment segment, int position) => position <= 0 ? 0 : segment.Offsets.AtOrBehind(position)?.Position ?? segment.Size;

    private static List<ProducedBatch> In(LogSegment segment, ProducerState producer, long before, int position)
    {
        List<ProducedBatch> found = [];
        OpenFile file = segment.Log.Acquire();
        try
        {
            var walk = new BatchWalker(file, position, segment.Size, stackalloc byte[Limits.WalkWindowBytes]);
            while (walk.MoveNext() && walk.Header.BaseOffset < before)
            {
                RecordBatchHeader header = walk.Header;
                if (header.IsLegacy || header.IsControl || header.ProducerId != producer.Id || header.ProducerEpoch != producer.Epoch) continue;
                found.Add(new ProducedBatch(header.LastSequence, header.LastOffset, header.LastOffsetDelta, header.MaxTimestamp));
            }
        }
        finally
        {
            file.Release();
        }

        return found;
    }
}
