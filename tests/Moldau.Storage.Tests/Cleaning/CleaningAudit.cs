using System.Text;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Storage.Cleaning;
using Moldau.Storage.Indexes;
using Moldau.Storage.Segments;
using Moldau.Storage.Tests.Crash;

namespace Moldau.Storage.Tests.Cleaning;

/// <summary>Compares a compacted log with everything that was ever written to it.</summary>
internal static class CleaningAudit
{
    /// <summary>Everything that must hold of a log that was cleaned.</summary>
    public static void AssertAll(PartitionLog log, CleaningPromise promise)
    {
        AssertKeeps(log, promise);
        AssertConsistent(log);
        AssertClean(log);
        AssertProducers(log, promise);
        AssertTombstones(log, promise);
    }

    /// <summary>Nothing acknowledged is lost but what a later record of its key overrides, and nothing is there that was not written.</summary>
    public static void AssertKeeps(PartitionLog log, CleaningPromise promise)
    {
        Assert.True(log.LogEndOffset >= promise.Acknowledged, $"ends at {log.LogEndOffset}, acknowledged up to {promise.Acknowledged}");
        Assert.True(log.LogEndOffset <= promise.Written.Length, $"ends at {log.LogEndOffset}, only {promise.Written.Length} were written");
        Assert.True(log.LogStartOffset <= promise.Start, $"starts at {log.LogStartOffset}, promised from {promise.Start}");
        log.SetHighWatermark(log.LogEndOffset);
        AssertNewest(log, promise);
        long last = -1;
        foreach (DecodedRecord record in LogReading.Consume(log, log.LogEndOffset))
        {
            Assert.True(record.Offset > last, $"offset {record.Offset} behind {last}");
            last = record.Offset;
            WrittenRecord written = promise.Written[record.Offset];
            Assert.Equal((record.Offset.Value, written.Key, written.Value), (record.Offset.Value, Text(record.Key), Text(record.Value)));
        }
    }

    /// <summary>What can be checked of indexes and of what is known of producers.</summary>
    public static void AssertConsistent(PartitionLog log)
    {
        log.State.Verify();
        foreach (LogSegment segment in log.State.Segments)
        {
            if (segment.Size == 0) continue;
            Dictionary<int, long> places = [];
            byte[] bytes = LogReading.Bytes(new FileRegion(segment.Log.Acquire(), 0, segment.Size));
            var walk = new RecordBatchEnumerator(bytes);
            while (walk.MoveNext())
            {
                Assert.True(RecordBatch.IsValid(walk.CurrentBytes), $"{segment.BaseOffset}: the batch at {walk.Position} is damaged");
                places[walk.Position] = walk.Current.LastOffset;
            }

            foreach (OffsetPosition entry in segment.Offsets.All()) Assert.Equal((segment.BaseOffset, places.GetValueOrDefault(entry.Position, -1)), (segment.BaseOffset, entry.Offset));
            foreach (TimestampOffset entry in segment.Times.All()) Assert.Contains(entry.Offset, places.Values);
        }
    }

    /// <summary>Below what the checkpoint says is clean each key is there once at most.</summary>
    public static void AssertClean(PartitionLog log)
    {
        HashSet<string> keys = [];
        foreach (DecodedRecord record in LogReading.Consume(log, log.LogEndOffset, committed: true))
        {
            if (record.Offset < log.State.CleanedTo) Assert.True(keys.Add(Text(record.Key)!), $"{Text(record.Key)} is twice below {log.State.CleanedTo}");
        }
    }

    /// <summary>The last record of a key is there, also where it is a tombstone, for as long as tombstones have to be kept at least.</summary>
    public static void AssertTombstones(PartitionLog log, CleaningPromise promise)
    {
        HashSet<long> found = [.. LogReading.Consume(log, log.LastStableOffset, committed: true).Select(static record => record.Offset.Value)];
        foreach ((string key, long offset) in Newest(log, promise))
        {
            if (offset < promise.Start || promise.Written[offset].WrittenMs + log.Config.DeleteRetentionMs <= promise.NowMs) continue;
            Assert.True(found.Contains(offset), $"{key} at {offset} is gone too early");
        }
    }

    /// <summary>The last sequence number of each producer that has not been silent behind the log's start is known.</summary>
    public static void AssertProducers(PartitionLog log, CleaningPromise promise)
    {
        Dictionary<long, (int Sequence, long Offset)> last = [];
        for (int i = 0; i < log.LogEndOffset; i++)
        {
            if (promise.Written[i] is { Sequence: >= 0 } record) last[record.Producer] = (record.Sequence, i);
        }

        foreach ((long producer, (int sequence, long offset)) in last)
        {
            if (offset < promise.Start) continue;
            Assert.Equal((producer, sequence), (producer, log.ActiveProducers().Where(known => known.ProducerId == producer).Select(static known => known.LastSequence).DefaultIfEmpty(-1).First()));
        }
    }

    private static Dictionary<string, long> Newest(PartitionLog log, CleaningPromise promise)
    {
        Dictionary<string, long> newest = [];
        for (int i = 0; i < log.LastStableOffset; i++)
        {
            if (promise.Written[i] is { Key: { } key } written && written.AbortedAt >= log.LogEndOffset.Value) newest[key] = i;
        }

        return newest;
    }

    private static void AssertNewest(PartitionLog log, CleaningPromise promise)
    {
        Dictionary<string, long> newest = Newest(log, promise), found = [];
        foreach (DecodedRecord record in LogReading.Consume(log, log.LastStableOffset, committed: true)) found[Text(record.Key)!] = record.Offset;
        foreach ((string key, long offset) in newest)
        {
            bool mayBeGone = promise.Written[offset].Value is null || offset < promise.Start;
            if (found.TryGetValue(key, out long at)) Assert.True(at == offset || (at < offset && offset < promise.Start), $"{key} was last written at {offset}, the log has it at {at}");
            else Assert.True(mayBeGone, $"{key} was written at {offset} and is gone; the log starts at {log.LogStartOffset}, cleaned up to {log.State.CleanedTo}");
        }

        Assert.Empty(found.Keys.Except(newest.Keys));
    }

    private static string? Text(byte[]? bytes) => bytes is null ? null : Encoding.UTF8.GetString(bytes);
}
