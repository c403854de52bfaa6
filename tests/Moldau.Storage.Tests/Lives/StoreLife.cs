using Moldau.Protocol;
using Moldau.Simulated;
using Moldau.Simulated.Disk;
using Moldau.Storage.Cleaning;
using Moldau.Storage.Directories;
using Moldau.Storage.Tests.Cleaning;

namespace Moldau.Storage.Tests.Lives;

/// <summary>A disk just before an operation, with the promises of that moment.</summary>
internal sealed record LifeImage(DiskOperation Operation, SimulatedDisk Disk, LifePromise[] Promises);

/// <summary>
/// Everything that happens to a store, in one life: plain, idempotent and transactional appends to logs that are kept, compacted, cut at their beginning, and deleted and made anew, in two
/// directories between which they move; rolls, snapshots, checkpoints, removals, restarts. Every step is repeatable, so that it can be cut or broken at each of its disk operations.
/// </summary>
internal sealed class StoreLife(ulong seed, PlantedStorageBugs? planted = null)
{
    public const string Directories = "/one,/two";

    private static readonly LogConfig Small = new() { SegmentBytes = 1500, IndexIntervalBytes = 150, RetentionMs = -1, FileDeleteDelayMs = 0 };
    private readonly SeededRandom random = new(seed);
    private readonly LifeTopic[] topics = Topics(new SeededRandom(seed * 31));
    private readonly SortedSet<string> seen = new(StringComparer.Ordinal);
    private DateTimeOffset now = TestStore.Epoch;
    private TestStore? store;
    private LogMove? move;

    public SimulatedDisk Disk { get; } = new(seed);

    public List<LifeImage> Images { get; } = [];

    /// <summary>What was done, each kind once.</summary>
    public IReadOnlyCollection<string> Seen => seen;

    /// <summary>The directories that have failed, each with its cause.</summary>
    public Dictionary<string, Exception> Failures { get; } = [];

    /// <summary>The configuration of a topic's log.</summary>
    public static LogConfig ConfigOf(TopicPartition partition) => Topics(new SeededRandom(0)).First(topic => topic.Partition == partition).Config;

    /// <summary>Runs it to its end, or as far as the disk lets it; with images, one for each operation that changes the disk.</summary>
    public async Task RunAsync(int steps, bool images)
    {
        if (images)
        {
            Disk.BeforeOperation += operation =>
            {
                if (operation.Kind != DiskOperationKind.Read) Images.Add(new LifeImage(operation, Disk.Clone((ulong)operation.Number), Promises()));
            };
        }

        try
        {
            await OpenAsync();
            for (int step = 0; step < steps; step++) await StepAsync(step);
            move?.Cancel();
            await CloseAsync();
        }
        catch (IOException) when (!images)
        {
            // No directory was left to go on with.
            NoteFailures();
        }
    }

    public LifePromise[] Promises() => [.. topics.Where(static topic => topic.Exists).Select(topic => topic.Promise(store, now.ToUnixTimeMilliseconds()))];

    private static LifeTopic[] Topics(SeededRandom random) =>
    [
        new("kept", Small, random),
        new("trimmed", Small with { RetentionBytes = 2000 }, random),
        new("table", CleaningWorkload.Config, random),
        new("fleeting", Small, random),
    ];

    private async Task OpenAsync() => store = await TestStore.Open(Disk, Directories, Small, now: now, configOf: ConfigOf, planted: planted);

    private async Task CloseAsync()
    {
        now = store!.Time.GetUtcNow();
        Promises();
        NoteFailures();
        move = null;
        await store.Close();
    }

    private void NoteFailures()
    {
        foreach (LogDirectory directory in store?.Logs.Directories ?? []) if (directory.Failure is { } failure) Failures[directory.Path] = failure;
    }

    private async Task StepAsync(int step)
    {
        // The table more often than others: it takes some to have anything to clean.
        LifeTopic topic = random.Chance(300) ? topics[2] : random.Pick(topics);
        int kind = random.Below(24);
        NoteFailures();
        PartitionLog? log = store!.Logs.Find(topic.Partition);
        if (move is { Outcome: MoveOutcome.Copied }) move.Step(400);
        if (log is null)
        {
            // A log that is not there may lie in a directory that has failed.
            if (store.Logs.Directories.Any(static directory => directory.IsOffline)) return;
            seen.Add("create");
            topic.Create(store);
        }
        else if (kind < 11 && !log.Directory.IsOffline)
        {
            topic.Append(log, now.ToUnixTimeMilliseconds());
        }
        else
        {
            await MaintainAsync(topic, log, kind, step);
        }
    }

    private async Task MaintainAsync(LifeTopic topic, PartitionLog log, int kind, int step)
    {
        switch (kind)
        {
            case 11:
                Did("checkpoint", directory => OffsetCheckpoints.WriteRecoveryPoints(directory, store!.Logs.Logs));
                break;
            case 13 when topic.Config.RetentionBytes > 0 && !log.Directory.IsOffline:
                Commit(log);
                topic.DeleteRecords(log);
                seen.Add("delete records");
                break;
            case 14:
                foreach (PartitionLog each in store!.Logs.Logs.Where(static each => !each.Directory.IsOffline))
                {
                    Commit(each);
                    if (each.DeleteOldSegments() > 0) seen.Add("retention");
                }

                break;
            case 15 when step % 2 == 0 && Failures.Count == 0:
                await CloseAsync();
                await OpenAsync();
                seen.Add("restart");
                break;
            case 16 when topic.Partition.Topic == "fleeting":
                topic.Delete(store!);
                seen.Add("delete");
                break;
            case 17 when !log.Directory.IsOffline && move is not { Outcome: MoveOutcome.Copied }:
                BeginMove(log);
                break;
            case 18:
                now += TimeSpan.FromSeconds(15);
                store!.Time.Advance(TimeSpan.FromSeconds(15));
                Did("remove", directory => directory.Deletions.Run(now.ToUnixTimeMilliseconds(), static (_, _) => { }));
                break;
            case 12 or 19 or 20 when !log.Directory.IsOffline:
                log.Roll();
                log.RequestFlush();
                seen.Add("roll");
                break;
            case > 20:
                foreach (PartitionLog each in store!.Logs.Logs) Commit(each);
                if (await store.Clean(random.Chance(300) ? new CleanerOptions { DedupeBufferBytes = 24 * 6, IoBufferBytes = 300 } : null) > 0) seen.Add("clean");
                break;
        }
    }

    private void BeginMove(PartitionLog log)
    {
        LogDirectory target = store!.Logs.Directories.First(directory => directory != log.Directory);
        if (target.IsOffline) return;
        move = store.Logs.BeginMove(log, target);
        seen.Add("move");
    }

    private void Did(string what, Action<LogDirectory> work)
    {
        seen.Add(what);
        foreach (LogDirectory directory in store!.Logs.Directories.Where(static directory => !directory.IsOffline))
        {
            try
            {
                work(directory);
            }
            catch (IOException broken)
            {
                // As the store's own loop does.
                directory.Fail(broken);
            }
        }
    }

    private static void Commit(PartitionLog log)
    {
        if (!log.Directory.IsOffline) log.SetHighWatermark(log.FlushedOffset);
    }
}
