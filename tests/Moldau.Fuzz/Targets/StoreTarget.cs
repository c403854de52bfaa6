using Moldau.Fuzz.Inputs;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Compression;
using Moldau.Simulated;
using Moldau.Simulated.Disk;
using Moldau.Storage;

namespace Moldau.Fuzz.Targets;

/// <summary>
/// A log directory with damaged files. It opens, unless a folder does not say whose it is; whatever stood before the first damaged byte of the log is read as
/// it was written, whatever happened to the files beside it; and the log takes appends.
/// </summary>
internal sealed class StoreTarget(bool clean) : FuzzTarget
{
    private const int ReadsMax = 50;

    private readonly Lazy<SampleStore> sample = new(() => SampleStore.Written(clean));

    public override string Name => clean ? "store-stopped" : "store-crashed";

    public override int ExecutionsInCi => 250;

    public override void Execute(SeededRandom random)
    {
        SimulatedDisk disk = sample.Value.Disk.Clone(random.Next());
        List<DamagedFile> damage = FileDamage.Do(disk, SampleStore.Folder, random);
        try
        {
            Open(disk, damage);
        }
        catch (Exception escaped)
        {
            throw new FuzzFindingException($"{string.Join(", ", damage)}: {escaped}");
        }
    }

    private void Open(SimulatedDisk disk, List<DamagedFile> damage)
    {
        LogStore store;
        try
        {
            store = SampleStore.Open(disk);
        }
        catch (IOException) when (damage.Exists(file => file.Path.EndsWith("partition.metadata", StringComparison.Ordinal)))
        {
            // Which topic the folder belongs to cannot be guessed. Nothing else keeps a directory from being opened.
            return;
        }

        if (store.Find(SampleStore.Partition) is { } log)
        {
            Verify(log, damage);
            Use(log);
        }

        SampleStore.Finished(SampleStore.Close(store, clean: true));
    }

    private void Verify(PartitionLog log, List<DamagedFile> damage)
    {
        // A damaged start offset may well say that records were deleted.
        if (damage.Exists(file => file.Path.EndsWith("log-start-offset-checkpoint", StringComparison.Ordinal))) return;
        List<byte[]> read = SampleStore.Read(log, log.LogEndOffset);
        int kept = 0;
        while (kept < read.Count && kept < sample.Value.Batches.Count && read[kept].AsSpan().SequenceEqual(sample.Value.Batches[kept])) kept++;
        int owed = BatchesBefore(damage);
        if (kept < owed) throw new FuzzFindingException($"{kept} batches are left where {owed} stand before the first damaged byte; the log ends at {log.LogEndOffset}, and a read there says {log.Read((Offset)(kept == 0 ? 0 : new RecordBatchHeader(read[kept - 1]).LastOffset.Value + 1), 1, log.LogEndOffset, true).Error}");
    }

    private int BatchesBefore(List<DamagedFile> damage)
    {
        long firstSegment = long.MaxValue, position = 0;
        foreach ((string path, int at) in damage)
        {
            if (!path.EndsWith(".log", StringComparison.Ordinal)) continue;
            long segment = long.Parse(Path.GetFileNameWithoutExtension(path), System.Globalization.CultureInfo.InvariantCulture);
            if (segment < firstSegment) (firstSegment, position) = (segment, at);
        }

        int owed = 0;
        long end = 0;
        foreach (byte[] batch in sample.Value.Batches)
        {
            long first = new RecordBatchHeader(batch).BaseOffset.Value;
            if (first >= firstSegment && (end += batch.Length) > position) break;
            owed++;
        }

        return owed;
    }

    // Whatever it finds, none of it may break, and a log that opened takes what is appended.
    private static void Use(PartitionLog log)
    {
        long end = log.LogEndOffset;
        foreach (long time in new[] { 0, SampleBatches.TimeMs, SampleBatches.TimeMs + 50, long.MaxValue }) log.OffsetForTimestamp(time);
        log.OffsetOfMaxTimestamp();
        log.AbortedTransactions(log.LogStartOffset, log.LogEndOffset);
        // A damaged offset, which no checksum covers, may have moved the end far away.
        long step = Math.Max(7, (end - log.LogStartOffset.Value) / ReadsMax);
        for (long offset = log.LogStartOffset.Value; offset <= end; offset += step)
        {
            LogReadResult read = log.Read((Offset)offset, 500, (Offset)end, atLeastOneBatch: true);
            if (read.Records.Region is { } region) region.File.Release();
        }

        if (end >= long.MaxValue - 100) return;
        AppendResult appended = log.AppendAsLeader(SampleBatches.Of(CompressionType.None, 1, 5), new AppendContext(LeaderEpoch.None == log.LatestEpoch ? (LeaderEpoch)2 : log.LatestEpoch));
        if (appended.Error == ErrorCode.KafkaStorageError && log.Directory.IsOffline) throw new FuzzFindingException($"appending takes the directory offline: {log.Directory.Failure}");
        if (appended.Error == ErrorCode.None && appended.BaseOffset.Value != end) throw new FuzzFindingException($"appended at {appended.BaseOffset} where the log ended at {end}");
        if (appended.Error != ErrorCode.None) throw new FuzzFindingException($"not appended: {appended.Error} {appended.Reason}");
    }
}
