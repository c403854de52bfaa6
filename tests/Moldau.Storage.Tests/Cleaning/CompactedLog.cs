using System.Text;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Simulated.Disk;

namespace Moldau.Storage.Tests.Cleaning;

/// <summary>A compacted log of a test: writes with keys, and what a consumer finds.</summary>
internal sealed class CompactedLog(TestStore store, PartitionLog log)
{
    public static readonly LogConfig Config = new()
    {
        SegmentBytes = 1 << 20, IndexIntervalBytes = 100, RetentionMs = -1, FileDeleteDelayMs = 0, Compact = true, Delete = false, MinCleanableDirtyRatio = 0.01,
        DeleteRetentionMs = 60_000,
    };

    public TestStore Store => store;

    public PartitionLog Log => log;

    public long NowMs => store.Time.GetUtcNow().ToUnixTimeMilliseconds();

    public static async Task<CompactedLog> New(SimulatedDisk disk, LogConfig? config = null)
    {
        TestStore store = await TestStore.Open(disk, "/data", config ?? Config);
        return new CompactedLog(store, store.Create("t", config ?? Config));
    }

    /// <summary>The log after a restart.</summary>
    public async Task<CompactedLog> Reopen(SimulatedDisk disk, bool clean = true)
    {
        LogConfig config = log.Config;
        DateTimeOffset now = store.Time.GetUtcNow();
        await store.Close(clean);
        TestStore next = await TestStore.Open(disk, "/data", config, now: now);
        return new CompactedLog(next, next["t", 0]);
    }

    /// <summary>Appends a batch of records with keys.</summary>
    public AppendResult Write(params (string? Key, string? Value)[] records) => Append(TestBatch.Keyed(NowMs, records));

    public AppendResult Append(byte[] batch, AppendOrigin origin = AppendOrigin.Client)
    {
        AppendResult result = log.AppendAsLeader(batch, new AppendContext((LeaderEpoch)1, origin));
        Assert.Equal(ErrorCode.None, result.Error);
        return result;
    }

    /// <summary>Closes the active segment and lets everything be committed.</summary>
    public void Roll()
    {
        log.Roll();
        Commit();
    }

    public void Commit()
    {
        log.RequestFlush();
        log.SetHighWatermark(log.LogEndOffset);
    }

    /// <summary>What a consumer gets: <c>offset:key=value</c>.</summary>
    public string[] Contents(bool committed = false) =>
        [.. LogReading.Consume(log, committed ? log.LastStableOffset : log.LogEndOffset, committed).Select(static record =>
            $"{record.Offset.Value}:{Encoding.UTF8.GetString(record.Key!)}={(record.Value is null ? "" : Encoding.UTF8.GetString(record.Value))}")];

    /// <summary>All batches of the log.</summary>
    public List<Batch> Batches()
    {
        var all = new List<Batch>();
        foreach (Segments.LogSegment segment in log.State.Segments)
        {
            if (segment.Size == 0) continue;
            byte[] bytes = LogReading.Bytes(new FileRegion(segment.Log.Acquire(), 0, segment.Size));
            var walk = new RecordBatchEnumerator(bytes);
            while (walk.MoveNext())
            {
                Assert.True(RecordBatch.IsValid(walk.CurrentBytes));
                RecordBatchHeader header = walk.Current;
                all.Add(new Batch(header.BaseOffset, header.LastOffset, header.Count!.Value, header.DeleteHorizonMs, header.MaxTimestamp, header.ProducerId, header.LastSequence, header.IsControl, header.Compression.ToString(), header.LeaderEpoch));
            }
        }

        return all;
    }

    internal sealed record Batch(long First, long Last, int Count, long? HorizonMs, long MaxTimestampMs, long Producer, int LastSequence, bool Control, string Codec, int Epoch);
}
