using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Compression;
using Moldau.Simulated;

namespace Moldau.Storage.Tests.Cleaning;

/// <summary>A record as it was written, and where the marker stands that aborted its transaction; markers have no key.</summary>
internal sealed record WrittenRecord(string? Key, string? Value, long WrittenMs, long Producer, int Sequence, int AbortedAt = int.MaxValue);

/// <summary>Writes keyed records in several codecs to a log, as plain, idempotent and transactional producers do, and notes what it wrote.</summary>
internal sealed class KeyedWriter(SeededRandom random, bool tombstones = true)
{
    private static readonly string[] Keys = ["a", "b", "c", "d", "e", "f", "g"];
    private readonly List<WrittenRecord> written = [];
    private readonly Dictionary<long, (int Sequence, List<int>? Open)> producers = [];

    /// <summary>What was written, by offset.</summary>
    public WrittenRecord[] Written => [.. written];

    /// <summary>Appends a batch, or the end of a transaction. Nothing more is written to a log whose directory has failed.</summary>
    public void Append(PartitionLog log, long nowMs)
    {
        long id = random.Below(4) - 1;
        (int sequence, List<int>? open) = producers.GetValueOrDefault(id);
        if (id > 0 && open is not null && random.Chance(400))
        {
            End(log, id, sequence, open, nowMs);
            return;
        }

        int count = random.Below(4) + 1;
        WrittenRecord[] records = [.. Enumerable.Range(0, count).Select(i => Record(i, nowMs, id, sequence))];
        var options = new RecordBatchOptions { Compression = (CompressionType)random.Below(5) };
        if (id >= 0) options = options with { ProducerId = (ProducerId)id, ProducerEpoch = 0, BaseSequence = sequence, IsTransactional = id > 0 };
        int first = written.Count;
        byte[] batch = TestBatch.Keyed(options, nowMs, [.. records.Select(static record => (record.Key, record.Value))]);
        if (!Write(log, batch, records, AppendOrigin.Client)) return;
        if (id > 0) (open ??= []).AddRange(Enumerable.Range(first, count));
        if (id >= 0) producers[id] = (sequence + count, open);
    }

    private WrittenRecord Record(int i, long nowMs, long id, int sequence)
    {
        string key = random.Pick(Keys);
        bool isTombstone = random.Chance(250) && tombstones;
        return new WrittenRecord(key, isTombstone ? null : $"{written.Count + i}{new string('.', random.Below(120))}", nowMs, id, id < 0 ? -1 : sequence + i);
    }

    private void End(PartitionLog log, long id, int sequence, List<int> open, long nowMs)
    {
        bool commit = random.Chance(500);
        byte[] marker = TestBatch.Marker(id, 0, commit, timestampMs: nowMs);
        foreach (int at in open.Where(_ => !commit)) written[at] = written[at] with { AbortedAt = written.Count };
        if (Write(log, marker, [new WrittenRecord(null, null, nowMs, id, -1)], AppendOrigin.Coordinator)) producers[id] = (sequence, null);
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
