using System.Text;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Storage.Indexes;
using Moldau.Storage.Logs;
using Moldau.Storage.Producers;
using Moldau.Storage.Segments;

namespace Moldau.Storage.Tests.Crash;

/// <summary>Checks an open log against what was promised and against itself.</summary>
internal static class LogAudit
{
    /// <summary>Everything acknowledged is there, in order, and nothing that was never appended.</summary>
    public static void AssertKeeps(PartitionLog log, LogPromise promise)
    {
        Assert.True(log.LogEndOffset >= promise.Acknowledged, $"{log}: ends at {log.LogEndOffset}, acknowledged up to {promise.Acknowledged}");
        Assert.True(log.LogEndOffset <= promise.Values.Length, $"{log}: ends at {log.LogEndOffset}, only {promise.Values.Length} were appended");
        Assert.True(log.LogStartOffset <= promise.Start, $"{log}: starts at {log.LogStartOffset}, promised from {promise.Start}");
        Assert.True(!log.FlushOnAppend || log.LogEndOffset == log.FlushedOffset);
        foreach (DecodedRecord record in LogReading.Consume(log, log.LogEndOffset))
            Assert.Equal(promise.Values[record.Offset], Encoding.UTF8.GetString(record.Value!));
        long data = Enumerable.Range((int)log.LogStartOffset.Value, (int)(log.LogEndOffset - log.LogStartOffset)).Count(offset => promise.Values[offset].Length > 0);
        Assert.Equal(data, LogReading.Consume(log, log.LogEndOffset).Count);
    }

    /// <summary>
    /// Index entries lead to the batches they name, and, unless records were deleted at the start, what is known of producers follows from the
    /// batches: what a producer wrote below the start may be forgotten, and a crash may forget the start.
    /// </summary>
    public static void AssertConsistent(PartitionLog log, bool wholeFromStart)
    {
        log.State.Verify();
        var expected = new ProducerStates();
        foreach (LogSegment segment in log.State.Segments) AssertIndexes(log, segment, expected, wholeFromStart);
        if (!wholeFromStart) return;
        Assert.Equal(Describe(expected), Describe(log.State.Producers));
        Assert.Equal(expected.OngoingTransactions, log.State.Producers.OngoingTransactions);
    }

    private static void AssertIndexes(PartitionLog log, LogSegment segment, ProducerStates producers, bool wholeFromStart)
    {
        byte[] bytes = segment.Size == 0 ? [] : ReadAll(segment);
        Dictionary<int, long> places = [];
        List<AbortedTransaction> aborted = [];
        var walk = new RecordBatchEnumerator(bytes);
        long largest = -1;
        while (walk.MoveNext())
        {
            places[walk.Position] = walk.Current.LastOffset;
            largest = Math.Max(largest, walk.Current.MaxTimestamp);
            TransactionMarker? marker = walk.Current.IsControl ? TransactionMarker.Read(bytes.AsMemory(walk.Position, walk.CurrentBytes.Length)) : null;
            if (producers.Apply(walk.Current, marker) is { } entry) aborted.Add(entry);
        }

        Assert.Equal(BatchScan.End, walk.State);
        string where = $"{log}, segment {segment.BaseOffset} of {string.Join(' ', log.State.Segments.Select(static s => s.BaseOffset))}";
        Assert.Equal((where, largest), (where, segment.Largest.TimestampMs));
        foreach (OffsetPosition entry in segment.Offsets.All()) Assert.Equal((where, places[entry.Position]), (where, entry.Offset));
        TimestampOffset[] times = segment.Times.All();
        for (int i = 1; i < times.Length; i++) Assert.True(times[i].TimestampMs > times[i - 1].TimestampMs && times[i].Offset >= times[i - 1].Offset);
        foreach (TimestampOffset entry in times) Assert.Contains(entry.Offset, places.Values);
        if (wholeFromStart) Assert.Equal(aborted, segment.Transactions.Entries);
    }

    private static byte[] ReadAll(LogSegment segment)
    {
        Storage.Files.OpenFile file = segment.Log.Acquire();
        return LogReading.Bytes(new FileRegion(file, 0, segment.Size));
    }

    // Of the batches remembered only the last survives a restart; snapshots have one time for it and for a marker behind it.
    private static IEnumerable<string> Describe(ProducerStates producers) => producers.Ordered().Select(static producer =>
        $"{producer.Id} {producer.Epoch} {(producer.Last is { } last ? last with { TimestampMs = 0 } : null)} {producer.TransactionStart} {producer.CoordinatorEpoch} {producer.LastTimestampMs}");
}
