using System.Text;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Compression;
using Moldau.Simulated;
using Moldau.Simulated.Disk;
using Moldau.Storage.Directories;
using Moldau.Storage.Tests.Crash;

namespace Moldau.Storage.Tests.Cleaning;

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

    private readonly SeededRandom random = new(seed);
    private readonly KeyedWriter writer = new(new SeededRandom(seed * 31));
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
        return new CleaningPromise(writer.Written, promised.Acknowledged, promised.Start, now.ToUnixTimeMilliseconds());
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
                writer.Append(log, now.ToUnixTimeMilliseconds());
                break;
        }
    }
}
