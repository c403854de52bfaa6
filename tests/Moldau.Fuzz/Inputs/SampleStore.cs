using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Compression;
using Moldau.Simulated.Disk;
using Moldau.Storage;

namespace Moldau.Fuzz.Inputs;

/// <summary>A log directory with a log of several segments: plain, compressed and idempotent batches, a committed and an aborted transaction; and its bytes by offset.</summary>
internal sealed class SampleStore
{
    public const string Folder = "/data";
    public static readonly TopicPartition Partition = new("t", 0);
    private static readonly LogConfig Small = new() { SegmentBytes = 3000, IndexIntervalBytes = 200, RetentionMs = -1 };

    private SampleStore(SimulatedDisk disk, List<byte[]> batches)
    {
        Disk = disk;
        Batches = batches;
    }

    /// <summary>The disk; clone it before anything is done to it.</summary>
    public SimulatedDisk Disk { get; }

    /// <summary>What was appended, with its offsets.</summary>
    public IReadOnlyList<byte[]> Batches { get; }

    public static LogStore Open(SimulatedDisk disk) => Finished(LogStore.OpenAsync(
        new LogStoreOptions { Directories = [Folder], DefaultConfig = Small }, disk, new InlineScheduler(), NullLogger.Instance));

    public static SampleStore Written(bool clean)
    {
        var disk = new SimulatedDisk(1);
        LogStore store = Open(disk);
        PartitionLog log = store.Create(Partition, new Uuid(1, 2), Small);
        for (int i = 0; i < 30; i++)
        {
            Append(log, SampleBatches.Of((CompressionType)(i % 5), 1 + (i % 4), 100));
            Append(log, SampleBatches.Of(CompressionType.None, 2, 50, Producer(4, i * 2)));
            if (i % 10 == 5) Append(log, SampleBatches.Of(CompressionType.None, 2, 50, Producer(9, i / 10 * 2) with { IsTransactional = true }));
            if (i % 10 == 8) Append(log, ControlBatch.EndTxnMarker((ProducerId)9, 0, committed: i < 10, 0, SampleBatches.TimeMs, Offset.Zero, LeaderEpoch.None), AppendOrigin.Coordinator);
        }

        List<byte[]> batches = Read(log, log.LogEndOffset);
        Finished(Close(store, clean));
        if (!clean) disk.DeleteFile($"{Folder}/recovery-point-offset-checkpoint");
        return new SampleStore(disk, batches);
    }

    /// <summary>The batches from the log's start up to an offset, or up to the first error.</summary>
    public static List<byte[]> Read(PartitionLog log, Offset end)
    {
        var batches = new List<byte[]>();
        for (Offset at = log.LogStartOffset; at < end;)
        {
            LogReadResult read = log.Read(at, 1, end, atLeastOneBatch: true);
            if (read.Error != ErrorCode.None || read.Records.Region is not { } region) return batches;
            byte[] bytes = region.ReadAll();
            region.File.Release();
            if (RecordBatch.Probe(bytes, out _) != BatchScan.Batch) return batches;
            Offset next = (Offset)(new RecordBatchHeader(bytes).LastOffset.Value + 1);
            if (next <= at) return batches;
            batches.Add(bytes);
            at = next;
        }

        return batches;
    }

    public static async Task<bool> Close(LogStore store, bool clean)
    {
        await store.CloseAsync(clean, brokerEpoch: 3);
        return true;
    }

    /// <summary>The result of what has ended already: everything runs on the caller's stack.</summary>
    public static T Finished<T>(Task<T> task) => task.IsCompleted ? task.GetAwaiter().GetResult() : throw new FuzzFindingException("something waits for what cannot come");

    private static RecordBatchOptions Producer(long id, int sequence) => new() { ProducerId = (ProducerId)id, ProducerEpoch = 0, BaseSequence = sequence };

    private static void Append(PartitionLog log, byte[] batch, AppendOrigin origin = AppendOrigin.Client)
    {
        AppendResult result = log.AppendAsLeader(batch, new AppendContext((LeaderEpoch)2, origin));
        if (result.Error != ErrorCode.None) throw new InvalidOperationException($"{result.Error}: {result.Reason}");
    }
}
