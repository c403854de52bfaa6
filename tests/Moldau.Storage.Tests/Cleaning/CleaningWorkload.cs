using System.Text;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Compression;
using Moldau.Simulated;
using Moldau.Simulated.Disk;
using Moldau.Storage.Directories;
using Moldau.Storage.Tests.Crash;

namespace Moldau.Storage.Tests.Cleaning;

/// <summary>A record as it was written, and where the marker stands that aborted its transaction; markers have no key.</summary>
internal sealed record WrittenRecord(string? Key, string? Value, long WrittenMs, long Producer, int Sequence, int AbortedAt = int.MaxValue);

/// <summary>What had been written and promised at some moment.</summary>
internal sealed record CleaningPromise(WrittenRecord[] Written, long Acknowledged, long Start, long NowMs);

/// <summary>A disk just before an operation, with the promise of that moment.</summary>
internal sealed record CleaningImage(long Operation, SimulatedDisk Disk, CleaningPromise Promise);

/// <summary>
/// A recorded life of a compacted log: keyed records and tombstones in several codecs, of plain, idempotent and transactional producers, with rolls, cleanings,
/// retention, checkpoints, restarts, and time that passes. With a fault planted the workload goes on until the directory is offline.
/// </summary>
internal sealed class CleaningWorkload(ulong seed, PlantedStorageBugs? planted = null)
{
    public static readonly LogConfig Config = CompactedLog.Config with { SegmentBytes = 1500, IndexIntervalBytes = 150, DeleteRetentionMs = 20_000, Delete = true, RetentionBytes = 6000 };

    private static readonly string[] Keys = ["a", "b", "c", "d", "e", "f", "g"];
    private readonly SeededRandom random = new(seed);
    private readonly List<WrittenRecord> written = [];
    private readonly Dictionary<long, (int Sequence, List<int>? Open)> producers = [];
    private (long Acknowledged, long Start) promised;
    private DateTimeOffset now = TestStore.Epoch;
    private TestStore? store;

    public SimulatedDisk Disk { get; } = new(seed);

    public List<CleaningImage> Images { get; } = [];

    /// <summary>Whether the directory has failed, or could not be opened.</summary>
    public bool Failed { get; private set; }

    public int Cleanings { get; private set; }

    /// <summary>Runs it; with images, one for each operation that changes the disk.</summary>
    public async Task Run(int steps, bool images)
    {
        bool recording = false;
        if (images)
        {
            Disk.BeforeOperation += operation =>
            {
                if (recording && operation.Kind != DiskOperationKind.Read) Images.Add(new CleaningImage(operation.Number, Disk.Clone((ulong)operation.Number), Promise()));
            };
        }

        try
        {
            await Open();
            store!.Create("t", Config);
            recording = true;
            for (int step = 0; step < steps && !Failed; step++)
            {
                await Step(store["t", 0], step);
                Failed |= store.Failures.Count > 0;
            }

            await store.Close();
        }
        catch (IOException) when (!images)
        {
            Failed = true;
        }
    }

    /// <summary>What holds now. While the log is closed what was promised last holds on.</summary>
    public CleaningPromise Promise()
    {
        if (store?.Logs.Find(new TopicPartition("t", 0)) is { } log) promised = (Math.Max(promised.Acknowledged, log.FlushedOffset), Math.Max(promised.Start, log.LogStartOffset));
        return new CleaningPromise([.. written], promised.Acknowledged, promised.Start, now.ToUnixTimeMilliseconds());
    }

    private async Task Open() => store = await TestStore.Open(Disk, "/data", Config, now: now, planted: planted);

    private async Task Step(PartitionLog log, int step)
    {
        switch (random.Below(20))
        {
            case 0:
                OffsetCheckpoints.WriteRecoveryPoints(log.Directory, store!.Logs.Logs);
                break;
            case 1 when step % 3 == 0:
                now = store!.Time.GetUtcNow();
                Promise();
                await store.Close();
                await Open();
                break;
            case 2:
                log.DeleteOldSegments();
                break;
            case 3:
                store!.Time.Advance(TimeSpan.FromSeconds(15));
                now = store.Time.GetUtcNow();
                break;
            case 4 or 5:
                if (log.LogEndOffset > log.State.Active.BaseOffset) log.Roll();
                log.RequestFlush();
                break;
            case 6 or 7 or 8:
                if (!log.Directory.IsOffline) log.SetHighWatermark(log.FlushedOffset);
                Cleanings += await store!.Clean(random.Chance(300) ? new CleanerOptions { DedupeBufferBytes = 24 * 6, IoBufferBytes = 300 } : null);
                break;
            default:
                Append(log);
                break;
        }
    }

    private void Append(PartitionLog log)
    {
        long id = random.Below(4) - 1;
        (int sequence, List<int>? open) = producers.GetValueOrDefault(id);
        if (id > 0 && open is not null && random.Chance(400))
        {
            bool commit = random.Chance(500);
            byte[] marker = TestBatch.Marker(id, 0, commit, timestampMs: now.ToUnixTimeMilliseconds());
            foreach (int at in open.Where(_ => !commit)) written[at] = written[at] with { AbortedAt = written.Count };
            if (!Write(log, marker, [new WrittenRecord(null, null, now.ToUnixTimeMilliseconds(), id, -1)], AppendOrigin.Coordinator)) return;
            producers[id] = (sequence, null);
            return;
        }

        int count = random.Below(4) + 1;
        WrittenRecord[] records = [.. Enumerable.Range(0, count).Select(i =>
            new WrittenRecord(random.Pick(Keys), random.Chance(250) ? null : $"{written.Count + i}{new string('.', random.Below(120))}", now.ToUnixTimeMilliseconds(), id, id < 0 ? -1 : sequence + i))];
        var options = new RecordBatchOptions { Compression = (CompressionType)random.Below(5) };
        if (id >= 0) options = options with { ProducerId = (ProducerId)id, ProducerEpoch = 0, BaseSequence = sequence, IsTransactional = id > 0 };
        int first = written.Count;
        byte[] batch = TestBatch.Keyed(options, now.ToUnixTimeMilliseconds(), [.. records.Select(static record => (record.Key, record.Value))]);
        if (!Write(log, batch, records, AppendOrigin.Client)) return;
        if (id > 0) (open ??= []).AddRange(Enumerable.Range(first, count));
        if (id >= 0) producers[id] = (sequence + count, open);
    }

    private bool Write(PartitionLog log, byte[] batch, WrittenRecord[] records, AppendOrigin origin)
    {
        // Before the write: a power cut in the middle may leave it whole.
        written.AddRange(records);
        AppendResult result = log.AppendAsLeader(batch, new AppendContext((LeaderEpoch)1, origin));
        if (result.Error == ErrorCode.None) return true;
        Assert.Equal(ErrorCode.KafkaStorageError, result.Error);
        return false;
    }
}
