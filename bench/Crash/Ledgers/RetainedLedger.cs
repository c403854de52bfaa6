using System.IO.Hashing;

namespace Moldau.Crash.Ledgers;

/// <summary>
/// What is owed where the oldest segments go as the log grows: above the log's start all that <see cref="PartitionLedger"/> asks, and
/// a start that never passes what the limit on size explains.
/// </summary>
internal sealed class RetainedLedger(string topic, int partition, long retentionBytes, Violations violations) : PartitionLedger(topic, partition, isIdempotent: true, violations)
{
    // No record takes more room beyond its value: 12 bytes at most of its own, and 61 of its batch if it is alone there.
    private const int OverheadBytesMax = 80;
    private readonly Queue<(long Offset, ulong Hash, int Bytes)> _judged = [];

    /// <summary>Where the log started when it was read last.</summary>
    public long Start { get; private set; }

    /// <summary>Readings that found the log's start further on.</summary>
    public int Advances { get; private set; }

    public override long Records => _judged.Count;

    public override void Catch(ILogReader reader, CancellationToken token)
    {
        for (int tries = 0; tries < Limits.ReadingTries; tries++)
        {
            long owed = OwedOffset;
            (long start, long end) = reader.BoundsOf(this);
            StartsAt(start);
            if (Math.Max(owed, end - 1) >= NextOffset && reader.Read(this, NextOffset, Math.Max(owed, end - 1), Judge, token) == ReadEnd.OutOfRange) continue;
            Missing(owed);
            Explain(start, end);
            return;
        }

        Violations.Add($"{Name}: its start moved away from the reader {Limits.ReadingTries} times");
    }

    public override void CompareWhole(ILogReader reader, string whose, CancellationToken token)
    {
        for (int tries = 0; tries < Limits.ReadingTries; tries++)
        {
            (long start, _) = reader.BoundsOf(this);
            StartsAt(start);
            var read = new List<(long Offset, ulong Hash, int Bytes)>();
            if (start < NextOffset && reader.Read(this, start, NextOffset - 1, record => read.Add(Mark(record)), token) == ReadEnd.OutOfRange) continue;
            if (!read.SequenceEqual(_judged.Where(judged => judged.Offset >= start)))
                Violations.Add($"{Name}: what {whose} serves from {start} to {NextOffset} differs from what was read after each round");
            return;
        }

        Violations.Add($"{Name}: its start moved away from the reader {Limits.ReadingTries} times");
    }

    private void StartsAt(long start)
    {
        if (start > Start) Advances++;
        Start = start;
        PassTo(start);
        while (_judged.TryPeek(out (long Offset, ulong Hash, int Bytes) oldest) && oldest.Offset < start) _judged.Dequeue();
    }

    private void Judge(LogRecord record)
    {
        Judge(record.Offset, record.Value);
        _judged.Enqueue(Mark(record));
    }

    // A segment may go only while the rest is as large as the limit.
    private void Explain(long start, long end)
    {
        if (start == 0) return;
        long bytesMax = _judged.Where(judged => judged.Offset >= start && judged.Offset < end).Sum(judged => (long)judged.Bytes + OverheadBytesMax);
        if (bytesMax < retentionBytes) Violations.Add($"{Name}: the log starts at {start}, though what follows up to {end} has at most {bytesMax} bytes of the {retentionBytes} that are kept");
    }

    private static (long Offset, ulong Hash, int Bytes) Mark(LogRecord record) => (record.Offset, XxHash3.HashToUInt64(record.Value), record.Value?.Length ?? 0);
}
