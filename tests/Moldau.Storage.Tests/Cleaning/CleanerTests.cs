using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Compression;
using Moldau.Simulated.Disk;
using Moldau.Storage.Tests.Crash;

namespace Moldau.Storage.Tests.Cleaning;

/// <summary>What cleaning keeps, drops and changes.</summary>
public sealed class CleanerTests
{
    private readonly SimulatedDisk disk = new(1);

    [Fact]
    public async Task A_record_without_a_key_is_refused()
    {
        CompactedLog log = await CompactedLog.New(disk);
        AppendResult result = log.Log.AppendAsLeader(TestBatch.Keyed(log.NowMs, (null, "1")), new AppendContext((LeaderEpoch)1));
        Assert.Equal(ErrorCode.InvalidRecord, result.Error);
    }

    [Fact]
    public async Task The_newest_record_of_each_key_stays_at_its_offset()
    {
        CompactedLog log = await CompactedLog.New(disk);
        log.Write(("a", "1"), ("b", "1"), ("a", "2"));
        log.Write(("c", "1"), ("b", "2"));
        log.Roll();
        log.Write(("a", "3"));
        Assert.Equal(1, await log.Store.Clean());
        Assert.Equal(["2:a=2", "3:c=1", "4:b=2", "5:a=3"], log.Contents());
        LogAudit.AssertConsistent(log.Log, wholeFromStart: true);
        log = await log.Reopen(disk);
        Assert.Equal(["2:a=2", "3:c=1", "4:b=2", "5:a=3"], log.Contents());
        Assert.Equal(0, await log.Store.Clean());
    }

    [Fact]
    public async Task A_later_cleaning_goes_over_what_is_clean_again()
    {
        CompactedLog log = await CompactedLog.New(disk);
        log.Write(("a", "1"), ("b", "1"));
        log.Roll();
        Assert.Equal(1, await log.Store.Clean());
        log.Write(("a", "2"));
        log.Roll();
        Assert.Equal(1, await log.Store.Clean());
        Assert.Equal(["1:b=1", "2:a=2"], log.Contents());
    }

    [Fact]
    public async Task Segments_are_cleaned_together_up_to_the_segment_size()
    {
        CompactedLog log = await CompactedLog.New(disk);
        for (int i = 0; i < 6; i++)
        {
            log.Write(($"k{i}", new string('v', 1000)), ("last", $"{i}"));
            log.Roll();
        }

        log.Log.Config = CompactedLog.Config with { SegmentBytes = 3500 };
        await log.Store.Clean();
        Assert.Equal([0L, 6, 12], log.Log.State.Segments.Select(static segment => segment.BaseOffset));
        Assert.Equal(7, log.Contents().Length);
        LogAudit.AssertConsistent(log.Log, wholeFromStart: true);
    }

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public async Task A_batch_keeps_its_codec_offsets_and_epoch(CompressionType codec)
    {
        CompactedLog log = await CompactedLog.New(disk);
        log.Append(TestBatch.Keyed(new RecordBatchOptions { Compression = codec }, 1000, ("a", "1"), ("b", "1"), ("a", "2"), ("b", "2"), ("c", "1")));
        log.Write(("c", "2"));
        log.Roll();
        await log.Store.Clean();
        Assert.Equal(["2:a=2", "3:b=2", "5:c=2"], log.Contents());
        CompactedLog.Batch first = log.Batches()[0];
        Assert.Equal((0, 4, 2, codec.ToString(), 1, 1000), (first.First, first.Last, first.Count, first.Codec, first.Epoch, first.MaxTimestampMs));
    }

    [Fact]
    public async Task The_largest_timestamp_is_that_of_the_records_left()
    {
        CompactedLog log = await CompactedLog.New(disk);
        using (var builder = new RecordBatchBuilder(new RecordBatchOptions()))
        {
            builder.Append(5000, "a"u8.ToArray(), "1"u8.ToArray());
            builder.Append(3000, "b"u8.ToArray(), "1"u8.ToArray());
            log.Append(builder.BuildArray());
        }

        log.Append(TestBatch.Keyed(2000, ("a", "2")));
        log.Roll();
        await log.Store.Clean();
        Assert.Equal([3000L, 2000], log.Batches().Select(static batch => batch.MaxTimestampMs));
        Assert.Equal((3000L, 1L), (log.Log.OffsetOfMaxTimestamp()!.Value.TimestampMs, log.Log.OffsetOfMaxTimestamp()!.Value.Offset.Value));
        Assert.Null(log.Log.OffsetForTimestamp(3001));
        Assert.Equal(1L, log.Log.OffsetForTimestamp(2500)!.Value.Offset.Value);
    }

    [Fact]
    public async Task Append_time_stays_that_of_the_batch()
    {
        CompactedLog log = await CompactedLog.New(disk, CompactedLog.Config with { LogAppendTime = true });
        log.Append(TestBatch.Keyed(5, ("a", "1"), ("b", "1")));
        log.Append(TestBatch.Keyed(5, ("a", null)));
        log.Roll();
        await log.Store.Clean();
        List<DecodedRecord> records = LogReading.Consume(log.Log, log.Log.LogEndOffset);
        Assert.Equal([1L, 2], records.Select(static record => record.Offset.Value));
        Assert.All(records, record => Assert.Equal(TestStore.Epoch.ToUnixTimeMilliseconds(), record.TimestampMs));
    }

    [Fact]
    public async Task A_tombstone_goes_only_when_its_time_since_the_first_cleaning_has_passed()
    {
        CompactedLog log = await CompactedLog.New(disk);
        log.Write(("a", "1"));
        log.Write(("a", null));
        log.Write(("b", "1"));
        log.Roll();
        await log.Store.Clean();
        Assert.Equal(["1:a=", "2:b=1"], log.Contents());
        long horizon = log.NowMs + 60_000;
        Assert.Equal(horizon, log.Batches()[0].HorizonMs);
        long timestamp = LogReading.Consume(log.Log, log.Log.LogEndOffset)[0].TimestampMs;
        Assert.Equal(log.NowMs, timestamp);

        log.Store.Time.Advance(TimeSpan.FromMilliseconds(59_999));
        log.Write(("c", "1"));
        log.Roll();
        await log.Store.Clean();
        Assert.Equal(["1:a=", "2:b=1", "3:c=1"], log.Contents());
        Assert.Equal(horizon, log.Batches()[0].HorizonMs);

        log.Store.Time.Advance(TimeSpan.FromMilliseconds(1));
        log.Write(("d", "1"));
        log.Roll();
        await log.Store.Clean();
        Assert.Equal(["2:b=1", "3:c=1", "4:d=1"], log.Contents());
    }

    [Fact]
    public async Task Where_the_last_records_go_an_empty_batch_says_where_the_cleaned_part_ends()
    {
        CompactedLog log = await CompactedLog.New(disk, CompactedLog.Config with { DeleteRetentionMs = 0 });
        log.Write(("a", "1"));
        log.Write(("a", null));
        log.Roll();
        await log.Store.Clean();
        log.Store.Time.Advance(TimeSpan.FromMilliseconds(1));
        log.Log.State.CleanedTo = 0;
        await log.Store.Clean();
        Assert.Empty(log.Contents());
        CompactedLog.Batch left = Assert.Single(log.Batches());
        Assert.Equal((1, 1, 0), (left.First, left.Last, left.Count));
        Assert.Null(log.Log.OffsetOfMaxTimestamp());
        log = await log.Reopen(disk, clean: false);
        Assert.Equal(2, log.Log.LogEndOffset.Value);
    }

    [Fact]
    public async Task Nothing_above_the_last_stable_offset_is_cleaned()
    {
        CompactedLog log = await CompactedLog.New(disk);
        log.Write(("a", "1"), ("a", "2"));
        log.Roll();
        log.Append(Transactional(7, 0, ("a", "3"), ("a", "4")));
        log.Roll();
        log.Write(("b", "1"));
        log.Roll();
        await log.Store.Clean();
        Assert.Equal(["1:a=2", "2:a=3", "3:a=4", "4:b=1"], log.Contents());
        Assert.Equal(2, log.Log.State.CleanedTo);
    }

    [Fact]
    public async Task Records_of_an_aborted_transaction_go_and_override_nothing()
    {
        CompactedLog log = await CompactedLog.New(disk);
        log.Write(("a", "1"), ("b", "1"));
        log.Append(Transactional(7, 0, ("a", "2"), ("c", "1")));
        log.Append(TestBatch.Marker(7, 0, commit: false, timestampMs: log.NowMs), AppendOrigin.Coordinator);
        log.Append(Transactional(7, 2, ("b", "2")));
        log.Append(TestBatch.Marker(7, 0, commit: true, timestampMs: log.NowMs), AppendOrigin.Coordinator);
        log.Roll();
        await log.Store.Clean();
        Assert.Equal(["0:a=1", "5:b=2"], log.Contents());
        Assert.Equal(["0:a=1", "5:b=2"], log.Contents(committed: true));
        // The cleaning that drops the records keeps the marker and its entry in the index.
        Assert.Equal([(4L, false), (6L, false)], Markers(log));
        Assert.Equal(4, Assert.Single(log.Log.State.Segments[0].Transactions.Entries).LastOffset);

        log.Write(("d", "1"));
        log.Roll();
        await log.Store.Clean();
        // The next one finds nothing left that the marker would be needed for: its time begins.
        Assert.Equal([(4L, true), (6L, false)], Markers(log));
        Assert.Empty(log.Log.State.Segments[0].Transactions.Entries);

        log.Store.Time.Advance(TimeSpan.FromMinutes(2));
        log.Write(("e", "1"));
        log.Roll();
        await log.Store.Clean();
        Assert.Equal([(6L, false)], Markers(log));
        Assert.Equal(["0:a=1", "5:b=2", "7:d=1", "8:e=1"], log.Contents(committed: true));
    }

    [Fact]
    public async Task The_last_batch_of_a_producer_stays_empty_and_its_abort_stays_known()
    {
        CompactedLog log = await CompactedLog.New(disk);
        log.Append(Transactional(7, 0, ("a", "1"), ("a", "2")));
        log.Append(TestBatch.Marker(7, 0, commit: false, timestampMs: log.NowMs), AppendOrigin.Coordinator);
        log.Write(("a", "3"));
        log.Roll();
        await log.Store.Clean();
        Assert.Equal(["3:a=3"], log.Contents());
        CompactedLog.Batch emptied = log.Batches()[0];
        Assert.Equal((0, 1, 0, 7, 1), (emptied.First, emptied.Last, emptied.Count, emptied.Producer, emptied.LastSequence));
        Assert.Equal(2, Assert.Single(log.Log.State.Segments[0].Transactions.Entries).LastOffset);
        LogAudit.AssertConsistent(log.Log, wholeFromStart: true);
    }

    [Fact]
    public async Task What_is_known_of_producers_can_be_read_from_a_cleaned_log()
    {
        CompactedLog log = await CompactedLog.New(disk);
        for (int i = 0; i < 5; i++) log.Append(Idempotent(9, i, ("a", $"{i}")));
        log.Write(("a", "new"));
        log.Roll();
        await log.Store.Clean();
        Assert.Equal(["5:a=new"], log.Contents());
        await log.Store.Close(clean: false);
        foreach (string name in disk.ListFiles("/data/t-0").Where(static name => name.EndsWith(".snapshot", StringComparison.Ordinal))) disk.DeleteFile($"/data/t-0/{name}");
        TestStore next = await TestStore.Open(disk, "/data", CompactedLog.Config);
        PartitionLog again = next["t", 0];
        Assert.Equal((9, 4), (again.ActiveProducers()[0].ProducerId.Value, again.ActiveProducers()[0].LastSequence));
        Assert.True(again.AppendAsLeader(Idempotent(9, 4, ("a", "4")), new AppendContext((LeaderEpoch)1)).IsDuplicate);
    }

    [Fact]
    public async Task A_full_map_of_keys_ends_the_cleaning_early_and_the_next_goes_on()
    {
        CompactedLog log = await CompactedLog.New(disk);
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < 40; i++) log.Write(($"k{i}", $"{round}"));
            log.Roll();
        }

        var small = new CleanerOptions { DedupeBufferBytes = 24 * 20, DedupeBufferLoadFactor = 0.9, IoBufferBytes = 1 };
        Assert.True(await log.Store.Clean(small) > 3);
        Assert.Equal(80, log.Log.State.CleanedTo);
        Assert.Equal(Enumerable.Range(0, 40).Select(static i => $"{40 + i}:k{i}=1"), log.Contents());
    }

    [Fact]
    public async Task A_reader_that_holds_an_old_segment_reads_it_to_its_end()
    {
        CompactedLog log = await CompactedLog.New(disk);
        log.Write(("a", new string('1', 500)), ("a", "2"));
        log.Roll();
        LogReadResult read = log.Log.Read(Offset.Zero, 10_000, log.Log.LogEndOffset, atLeastOneBatch: true);
        await log.Store.Clean();
        byte[] bytes = LogReading.Bytes(read);
        Assert.Equal(2, new RecordBatchHeader(bytes).Count);
        Assert.Equal(["1:a=2"], log.Contents());
    }

    private static IEnumerable<(long Offset, bool HasHorizon)> Markers(CompactedLog log) =>
        log.Batches().Where(static batch => batch.Control).Select(static batch => (batch.First, batch.HorizonMs is not null));

    internal static byte[] Idempotent(long producer, int sequence, params (string? Key, string? Value)[] records) => TestBatch.Keyed(
        new RecordBatchOptions { ProducerId = (ProducerId)producer, ProducerEpoch = 0, BaseSequence = sequence }, TestStore.Epoch.ToUnixTimeMilliseconds(), records);

    internal static byte[] Transactional(long producer, int sequence, params (string? Key, string? Value)[] records) => TestBatch.Keyed(
        new RecordBatchOptions { ProducerId = (ProducerId)producer, ProducerEpoch = 0, BaseSequence = sequence, IsTransactional = true },
        TestStore.Epoch.ToUnixTimeMilliseconds(), records);
}
