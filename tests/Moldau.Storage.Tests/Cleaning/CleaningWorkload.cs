using Moldau.Protocol;
using Moldau.Simulated;
using Moldau.Simulated.Disk;
using Moldau.Storage.Cleaning;
using Moldau.Storage.Directories;

namespace Moldau.Storage.Tests.Cleaning;

/// <summary>What had been written and promised at some moment.</summary>
internal sealed record CleaningPromise(WrittenRecord[] Written, long Acknowledged, long Start, long NowMs);

/// <summary>A disk just before an operation, with the promise of that moment.</summary>
internal sealed record CleaningImage(long Operation, SimulatedDisk Disk, CleaningPromise Promise);

/// <summary>
/// A recorded life of a compacted log: keyed records and tombstones in several codecs, of plain, idempotent and transactional producers, with rolls, cleanings,
/// retention, checkpoints, restarts, and time that passes.
/// </summary>
internal sealed class CleaningWorkload(ulong seed, PlantedStorageBugs? planted = null)
{
    public static readonly LogConfig Config = CompactedLog.Config with { SegmentBytes = 1500, IndexIntervalBytes = 150, DeleteRetentionMs = 20_000, Delete = true, RetentionBytes = 6000 };

    private readonly SeededRandom random = new(seed);
    private readonly KeyedWriter writer = new(new SeededRandom(seed * 31));
    private readonly SimulatedDisk disk = new(seed);
    private (long Acknowledged, long Start) promised;
    private DateTimeOffset now = TestStore.Epoch;
    private TestStore? store;

    public List<CleaningImage> Images { get; } = [];

    public int Cleanings { get; private set; }

    /// <summary>Runs it, and takes an image at each operation that changes the disk.</summary>
    public async Task Run(int steps)
    {
        await Open();
        store!.Create("t", Config);
        disk.BeforeOperation += operation =>
        {
            if (operation.Kind != DiskOperationKind.Read) Images.Add(new CleaningImage(operation.Number, disk.Clone((ulong)operation.Number), Promise()));
        };
        for (int step = 0; step < steps; step++) await Step(store["t", 0], step);
        await store.Close();
    }

    /// <summary>What holds now. While the log is closed what was promised last holds on.</summary>
    private CleaningPromise Promise()
    {
        if (store?.Logs.Find(new TopicPartition("t", 0)) is { } log) promised = (Math.Max(promised.Acknowledged, log.FlushedOffset), Math.Max(promised.Start, log.LogStartOffset));
        return new CleaningPromise(writer.Written, promised.Acknowledged, promised.Start, now.ToUnixTimeMilliseconds());
    }

    private async Task Open() => store = await TestStore.Open(disk, "/data", Config, now: now, planted: planted);

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
                log.SetHighWatermark(log.FlushedOffset);
                Cleanings += await store!.Clean(random.Chance(300) ? new CleanerOptions { DedupeBufferBytes = 24 * 6, IoBufferBytes = 300 } : null);
                break;
            default:
                writer.Append(log, now.ToUnixTimeMilliseconds());
                break;
        }
    }
}
