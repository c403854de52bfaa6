using System.Text;
using Moldau.Crash.Workloads;

namespace Moldau.Crash.Ledgers;

/// <summary>
/// What is owed where the cleaner works: whoever reads the log to its end has for each key the last value that was acknowledged, or one that was
/// sent later; offsets ascend, and no record is there that was never sent. The whole log is read each time: the cleaner may touch any of it.
/// </summary>
internal sealed class CompactedLedger(string topic, int partition, bool isIdempotent, KeyedWorkload workload, Violations violations) : Ledger(topic, partition, violations)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, KeyedEnd> _owed = [];
    private readonly Dictionary<string, long> _deleted = [];
    private long _sentMax = -1;
    private long _records;

    /// <summary>Judged each time anew: nothing waits.</summary>
    public override int PendingCount => 0;

    public override long Records => _records;

    /// <summary>Offsets below the log's end that held no record when it was read last: what the cleaner took away.</summary>
    public long Gone { get; private set; }

    public override void Sending(long sequence)
    {
        lock (_lock)
        {
            _sentMax = Math.Max(_sentMax, sequence);
            if (workload.IsTombstone(sequence)) _deleted[workload.KeyOf(sequence)] = sequence;
        }
    }

    public override void Acknowledge(long offset, long sequence)
    {
        string key = workload.KeyOf(sequence);
        lock (_lock)
        {
            Acknowledged++;
            if (!_owed.TryGetValue(key, out KeyedEnd last) || offset > last.Offset) _owed[key] = new KeyedEnd(offset, sequence);
            if (last.Sequence > sequence && offset > last.Offset) Violations.Add($"{Name}: record {sequence} of {key} was acknowledged behind its record {last.Sequence}");
        }
    }

    public override void Catch(ILogReader reader, CancellationToken token)
    {
        Dictionary<string, KeyedEnd> owed = Owed();
        List<string> missing = [];
        // The cleaner may take a value and the tombstone behind it while a reader stands between them: a second reading meets neither.
        for (int readings = 0; readings < Limits.WholeReadings; readings++)
        {
            missing = ReadWhole(reader, owed, token);
            if (missing.Count == 0) return;
        }

        foreach (string what in missing) Violations.Add($"{Name}: {what}; the log ends at {NextOffset}");
    }

    public override void CompareWhole(ILogReader reader, string whose, CancellationToken token)
    {
        int before = Violations.Count;
        Catch(reader, token);
        if (Violations.Count > before) Violations.Add($"{Name}: so it is served by {whose}");
    }

    private List<string> ReadWhole(ILogReader reader, Dictionary<string, KeyedEnd> owed, CancellationToken token)
    {
        Dictionary<string, KeyedEnd> found = [];
        List<string> missing = [];
        long next = _records = 0;
        // What is cleaned away while it is read has a successor further on: reading goes on until it is met.
        for (int tries = 0; tries < Limits.ReadingTries; tries++)
        {
            long end = reader.BoundsOf(this).End;
            if (end > next) next = ReadTo(reader, next, end, found, token);
            missing = [.. owed.Select(key => Missing(key.Key, key.Value, found)).OfType<string>()];
            if (missing.Count == 0) break;
        }

        Gone = next - _records;
        NextOffset = next;
        return missing;
    }

    private Dictionary<string, KeyedEnd> Owed()
    {
        lock (_lock) return new Dictionary<string, KeyedEnd>(_owed);
    }

    private long ReadTo(ILogReader reader, long next, long end, Dictionary<string, KeyedEnd> found, CancellationToken token)
    {
        long sequenceMax = -1, offsetMax = next - 1;
        ReadEnd how = reader.Read(this, next, end - 1, Judge, token);
        if (how != ReadEnd.Reached) Violations.Add($"{Name}: could not be read from {next} to {end}: {how}");
        return Math.Max(end, offsetMax + 1);

        void Judge(LogRecord record)
        {
            _records++;
            if (record.Offset <= offsetMax) Violations.Add($"{Name}: offset {record.Offset} comes after {offsetMax}");
            offsetMax = record.Offset;
            string key = Encoding.ASCII.GetString(record.Key ?? []);
            long sequence = record.Value is { } value ? SequenceOf(value) : KeyedEnd.Tombstone;
            if (!WasSent(record, key, sequence)) Violations.Add($"{Name}: the record of key \"{key}\" at offset {record.Offset} was never sent");
            if (isIdempotent && sequence >= 0 && sequence <= sequenceMax) Violations.Add($"{Name}: record {sequence} at offset {record.Offset} comes after {sequenceMax}");
            sequenceMax = Math.Max(sequenceMax, sequence);
            found[key] = new KeyedEnd(record.Offset, sequence);
        }
    }

    private bool WasSent(LogRecord record, string key, long sequence)
    {
        lock (_lock)
        {
            if (sequence == KeyedEnd.Tombstone) return _deleted.ContainsKey(key);
            if (sequence > _sentMax) return false;
        }

        CrashRecord sent = workload.At(sequence);
        return sent.Partition == Partition && sent.Key.AsSpan().SequenceEqual(record.Key) && sent.Value.AsSpan().SequenceEqual(record.Value);
    }

    // What is wrong with a key, in words; null: nothing.
    private string? Missing(string key, KeyedEnd owed, Dictionary<string, KeyedEnd> found)
    {
        string what = $"record {owed.Sequence} of key \"{key}\" was acknowledged at offset {owed.Offset}";
        if (!found.TryGetValue(key, out KeyedEnd last))
        {
            lock (_lock) return _deleted.GetValueOrDefault(key, -1) >= owed.Sequence ? null : $"{what} and is lost";
        }

        bool wasDeleted = last.Sequence == KeyedEnd.Tombstone;
        if (last.Offset < owed.Offset) return $"{what} and is lost: the key ends with {Words(last)}";
        if (last.Offset == owed.Offset && wasDeleted != workload.IsTombstone(owed.Sequence)) return $"{what}, where {Words(last)} stands";
        return !wasDeleted && last.Sequence < owed.Sequence ? $"{what}, and the key ends with the earlier {Words(last)}" : null;
    }

    private static string Words(KeyedEnd end) => end.Sequence == KeyedEnd.Tombstone ? $"a tombstone at offset {end.Offset}" : $"record {end.Sequence} at offset {end.Offset}";
}
