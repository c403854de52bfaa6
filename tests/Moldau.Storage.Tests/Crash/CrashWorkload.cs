using System.Text;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Simulated;
using Moldau.Simulated.Disk;
using Moldau.Storage.Directories;

namespace Moldau.Storage.Tests.Crash;

/// <summary>What a log held and had promised at some moment.</summary>
/// <param name="Name">The topic.</param>
/// <param name="Values">Every record appended, by offset; markers are empty.</param>
/// <param name="Acknowledged">Records below it were durable.</param>
/// <param name="Start">The first offset.</param>
internal sealed record LogPromise(string Name, string[] Values, long Acknowledged, long Start);

/// <summary>A disk as it was just before an operation, with what had been promised by then.</summary>
internal sealed record CrashImage(long Operation, SimulatedDisk Disk, LogPromise[] Promises);

/// <summary>
/// A recorded life of a small log store: appends of plain, idempotent and transactional batches to several logs, rolls, deleted records,
/// retention, truncation, recovery checkpoints, a clean restart in between. An image is taken before every operation that changes the disk.
/// </summary>
internal sealed class CrashWorkload(ulong seed, FlushPolicy policy = FlushPolicy.Fsync, bool preallocate = false)
{
    private readonly LogConfig small = new() { SegmentBytes = 1200, IndexIntervalBytes = 150, RetentionMs = -1, FileDeleteDelayMs = 0, Preallocate = preallocate };
    private static readonly AppendContext Client = new((LeaderEpoch)1);
    private readonly SeededRandom random = new(seed);
    private readonly SimulatedDisk disk = new(seed);
    private readonly Dictionary<string, List<string>> values = [];
    private readonly Dictionary<string, (long Id, int Sequence, bool Open)> producers = [];
    private readonly Dictionary<string, (long Acknowledged, long Start)> promised = [];
    private TestStore store = null!;
    private bool recording;

    public List<CrashImage> Images { get; } = [];

    /// <summary>Runs it.</summary>
    public async Task<List<CrashImage>> Run(int steps)
    {
        disk.BeforeOperation += operation =>
        {
            if (recording && operation.Kind != DiskOperationKind.Read) Images.Add(new CrashImage(operation.Number, disk.Clone((ulong)operation.Number), Promises()));
        };
        store = await TestStore.Open(disk, "/data", small, policy);
        recording = true;
        foreach (string name in new[] { "a", "b" })
        {
            values[name] = [];
            store.Create(name, small);
        }

        for (int step = 0; step < steps; step++) await Step(step);
        await store.Close();
        Images.Add(new CrashImage(disk.OperationCount + 1, disk.Clone(seed), Promises()));
        return Images;
    }

    private async Task Step(int step)
    {
        string name = random.Pick(["a", "a", "b"]);
        PartitionLog log = store[name, 0];
        switch (random.Below(14))
        {
            case 0:
                OffsetCheckpoints.WriteRecoveryPoints(log.Directory, store.Logs.Logs);
                break;
            case 1:
                log.SetHighWatermark(log.FlushedOffset);
                log.DeleteRecords((Offset)random.Between(log.LogStartOffset, log.HighWatermark));
                log.DeleteOldSegments();
                break;
            case 2 when step % 3 == 0:
                await store.Close();
                store = await TestStore.Open(disk, "/data", small, policy);
                break;
            case 3 when !producers.Values.Any(static producer => producer.Open):
                long to = random.Between(Math.Max(log.LogStartOffset, log.LogEndOffset - 3), log.LogEndOffset);
                // Truncation takes promises back: the leader's log, not this one, is what clients were promised.
                recording = false;
                log.TruncateTo((Offset)to);
                to = log.LogEndOffset;
                values[name].RemoveRange((int)to, values[name].Count - (int)to);
                log.RequestFlush();
                producers[name] = (step + 10, 0, false);
                recording = true;
                break;
            case 4:
                log.AssignEpoch((LeaderEpoch)step);
                break;
            case < 9:
                Append(log, name, TestBatch.Of(step, [.. Enumerable.Range(0, random.Below(3) + 1).Select(i => $"{name}{step}.{i}{new string('.', random.Below(90))}")]), step);
                break;
            default:
                Produce(log, name, step);
                break;
        }
    }

    private void Produce(PartitionLog log, string name, int step)
    {
        (long id, int sequence, bool open) = producers.GetValueOrDefault(name);
        if (open && random.Chance(400))
        {
            values[name].Add("");
            byte[] marker = TestBatch.Marker(id, 0, random.Chance(500), timestampMs: TestStore.Epoch.ToUnixTimeMilliseconds());
            AppendResult ended = log.AppendAsLeader(marker, new AppendContext((LeaderEpoch)step, AppendOrigin.Coordinator));
            Assert.Equal(ErrorCode.None, ended.Error);
            producers[name] = (id, sequence, false);
            return;
        }

        bool transactional = open || random.Chance(500);
        int count = random.Below(3) + 1;
        for (int i = 0; i < count; i++) values[name].Add($"{id}/0/{sequence + i}");
        AppendResult result = log.AppendAsLeader(
            TestBatch.Idempotent(id, 0, sequence, count, transactional, TestStore.Epoch.ToUnixTimeMilliseconds()), Client with { LeaderEpoch = (LeaderEpoch)step });
        Assert.Equal(ErrorCode.None, result.Error);
        producers[name] = (id, sequence + count, transactional);
    }

    private void Append(PartitionLog log, string name, byte[] batch, int step)
    {
        foreach (Moldau.Protocol.Batches.Record record in RecordReader.Open(batch)) values[name].Add(Encoding.UTF8.GetString(record.Value.Span));
        Assert.Equal(ErrorCode.None, log.AppendAsLeader(batch, Client with { LeaderEpoch = (LeaderEpoch)step }).Error);
    }

    // While a log is closed or not open yet, what was promised last still holds.
    private LogPromise[] Promises()
    {
        foreach (string name in values.Keys)
        {
            if (store.Logs.Find(new TopicPartition(name, 0)) is { } log) promised[name] = (log.FlushedOffset, log.LogStartOffset);
        }

        return [.. values.Select(entry =>
            new LogPromise(entry.Key, [.. entry.Value], promised.GetValueOrDefault(entry.Key).Acknowledged, promised.GetValueOrDefault(entry.Key).Start))];
    }
}
