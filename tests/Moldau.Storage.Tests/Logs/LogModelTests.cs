using System.Text;
using CsCheck;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Compression;
using Moldau.Simulated.Disk;
using Moldau.Storage.Tests.Crash;

namespace Moldau.Storage.Tests.Logs;

/// <summary>Random lives of a log beside a list of its records.</summary>
public sealed class LogModelTests
{
    private static readonly LogConfig Config = new() { SegmentBytes = 1500, IndexIntervalBytes = 120, SegmentIndexBytes = 120, RetentionMs = -1, FileDeleteDelayMs = 0 };

    private abstract record Step;

    private sealed record Append(int Records, int Bytes, int TimeMs, CompressionType Codec) : Step;

    private sealed record Truncate(int Back) : Step;

    private sealed record Delete(int Permille) : Step;

    private sealed record Restart(bool Clean) : Step;

    private sealed record Epoch : Step;

    private sealed record Roll : Step;

    private static readonly Gen<Step> Steps = Gen.Frequency(
        (12, Gen.Select(Gen.Int[1, 4], Gen.Int[0, 120], Gen.Int[0, 5000], Gen.Int[0, 2], (records, bytes, time, codec) => (Step)new Append(records, bytes, time, codec == 2 ? CompressionType.Lz4 : CompressionType.None))),
        (1, Gen.Int[1, 6].Select(back => (Step)new Truncate(back))),
        (1, Gen.Int[0, 1000].Select(permille => (Step)new Delete(permille))),
        (1, Gen.Bool.Select(clean => (Step)new Restart(clean))),
        (1, Gen.Const((Step)new Epoch())),
        (1, Gen.Const((Step)new Roll())));

    [Fact]
    public async Task A_log_is_a_list_of_records() => await Steps.Array[1, 60].SampleAsync(RunAsync, iter: 150);

    private static async Task RunAsync(Step[] steps)
    {
        var disk = new SimulatedDisk(1);
        TestStore store = await TestStore.Open(disk, "/data", Config);
        PartitionLog log = store.Create("t", Config);
        var model = new Model();
        foreach (Step step in steps)
        {
            switch (step)
            {
                case Append append:
                    model.Append(log, append.Records, append.Bytes, append.TimeMs, append.Codec);
                    break;
                case Truncate truncate:
                    log.TruncateTo((Offset)Math.Max(log.LogStartOffset, log.LogEndOffset - truncate.Back));
                    model.Records.RemoveAll(record => record.Offset >= log.LogEndOffset);
                    log.RequestFlush();
                    break;
                case Delete delete:
                    log.SetHighWatermark(log.LogEndOffset);
                    log.DeleteRecords((Offset)(log.LogStartOffset + (log.LogEndOffset - log.LogStartOffset) * delete.Permille / 1000));
                    log.DeleteOldSegments();
                    break;
                case Restart restart:
                    // What is not in a checkpoint yet is lost with a crash: the raised start.
                    if (!restart.Clean) Directories.OffsetCheckpointsProbe.WriteAll(store);
                    await store.Close(restart.Clean);
                    if (!restart.Clean) disk.PowerCut();
                    store = await TestStore.Open(disk, "/data", Config);
                    log = store["t", 0];
                    break;
                case Epoch:
                    model.Epoch++;
                    break;
                case Roll:
                    log.Roll();
                    break;
            }

            model.Verify(log);
        }

        LogAudit.AssertConsistent(log, log.LogStartOffset == 0);
        Assert.Empty(store.Failures);
        await store.Close();
    }

    private sealed class Model
    {
        public List<(long Offset, long TimeMs, string Value, int Epoch)> Records { get; } = [];

        public int Epoch { get; set; }

        public void Append(PartitionLog log, int records, int bytes, int timeMs, CompressionType codec)
        {
            string[] values = [.. Enumerable.Range(0, records).Select(i => $"{log.LogEndOffset}.{i}{new string('v', bytes)}")];
            AppendResult result = log.AppendAsLeader(TestBatch.Compressed(codec, timeMs, values), new AppendContext((LeaderEpoch)Epoch));
            Assert.Equal(ErrorCode.None, result.Error);
            for (int i = 0; i < records; i++) Records.Add((result.BaseOffset + i, timeMs, values[i], Epoch));
        }

        public void Verify(PartitionLog log)
        {
            Assert.Equal(log.LogEndOffset, log.FlushedOffset);
            (long Offset, long TimeMs, string Value, int Epoch)[] visible = [.. Records.Where(record => record.Offset >= log.LogStartOffset)];
            List<DecodedRecord> found = LogReading.Consume(log, log.LogEndOffset, bytesMax: 300);
            Assert.Equal(visible.Select(static record => (record.Offset, record.Value)), found.Select(static record => (record.Offset.Value, Encoding.UTF8.GetString(record.Value!))));
            foreach (long time in new long[] { 0, 1000, 2500, 4999, 5001 })
            {
                long[] after = [.. visible.Where(record => record.TimeMs >= time).Select(static record => record.Offset).Take(1)];
                long? answer = log.OffsetForTimestamp(time)?.Offset.Value;
                // Segment by segment, as Kafka searches: the first segment that has such a time decides.
                Assert.Equal(after.Length == 0 ? null : after[0], answer);
            }

            if (visible.Length == 0) return;
            Assert.Equal(visible.Max(static record => record.TimeMs), log.OffsetOfMaxTimestamp()!.Value.TimestampMs);
            Assert.Equal(visible[^1].Epoch, log.EpochForOffset((Offset)visible[^1].Offset).Value);
            (long Offset, long TimeMs, string Value, int Epoch) middle = visible[visible.Length / 2];
            Assert.True(log.BytesBetween(log.LogStartOffset, (Offset)middle.Offset) + log.BytesBetween((Offset)middle.Offset, log.LogEndOffset) <= log.SizeInBytes);
        }
    }
}
