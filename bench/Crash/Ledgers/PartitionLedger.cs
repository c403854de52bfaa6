using System.Buffers.Binary;
using System.IO.Hashing;

namespace Moldau.Crash.Ledgers;

/// <summary>
/// What is owed where nothing is taken away: every acknowledged record at the offset that was told, in the order of the producer, each once if
/// the producer is idempotent. Records are judged in order of offset, each of them once.
/// </summary>
internal class PartitionLedger(string topic, int partition, bool isIdempotent, Violations violations) : Ledger(topic, partition, violations)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, long> _pending = [];
    private readonly HashSet<long> _seen = [];
    private readonly XxHash128 _hash = new();
    private readonly List<(long From, long To)> _passed = [];
    private long _sequenceMax = -1;

    /// <summary>A checksum of all offsets and values that were judged.</summary>
    public string Checksum => Convert.ToHexString(_hash.GetCurrentHash());

    public override int PendingCount
    {
        get { lock (_lock) return _pending.Count; }
    }

    /// <summary>The highest offset that was acknowledged and not judged yet; -1: none.</summary>
    public long OwedOffset
    {
        get { lock (_lock) return _pending.Count == 0 ? -1 : _pending.Keys.Max(); }
    }

    public override void Acknowledge(long offset, long sequence)
    {
        lock (_lock)
        {
            Acknowledged++;
            if (offset < NextOffset)
            {
                // The reader was faster than the acknowledgement: what stands there was judged with its neighbours.
                if (!_seen.Contains(sequence) && !IsPassed(offset)) Violations.Add($"{Name}: record {sequence} was acknowledged at offset {offset} and is not in the log up to {NextOffset}");
            }
            else if (!_pending.TryAdd(offset, sequence))
            {
                Violations.Add($"{Name}: records {_pending[offset]} and {sequence} were both acknowledged at offset {offset}");
            }
        }
    }

    /// <summary>Judges the next record of the log.</summary>
    public void Judge(long offset, ReadOnlySpan<byte> value)
    {
        lock (_lock)
        {
            if (offset != NextOffset) Violations.Add($"{Name}: offset {offset} follows {NextOffset - 1}");
            NextOffset = offset + 1;
            Append(_hash, offset, value);
            long sequence = SequenceOf(value);
            if (_pending.Remove(offset, out long owed) && owed != sequence)
                Violations.Add($"{Name}: offset {offset} holds record {sequence}; record {owed} was acknowledged there");
            if (sequence > _sequenceMax)
            {
                _sequenceMax = sequence;
                _seen.Add(sequence);
            }
            else if (_seen.Add(sequence))
            {
                Violations.Add($"{Name}: record {sequence} at offset {offset} comes after {_sequenceMax}");
            }
            else
            {
                Duplicates++;
                if (isIdempotent) Violations.Add($"{Name}: record {sequence} stands again at offset {offset}");
            }
        }
    }

    /// <summary>Says what is owed up to an offset and was not found.</summary>
    public void Missing(long upTo)
    {
        lock (_lock)
        {
            foreach ((long offset, long sequence) in _pending.Where(owed => owed.Key <= upTo).OrderBy(owed => owed.Key).ToList())
            {
                Violations.Add($"{Name}: record {sequence} was acknowledged at offset {offset} and is lost; the log ends at {NextOffset}");
                _pending.Remove(offset);
            }
        }
    }

    public override void Catch(ILogReader reader, CancellationToken token)
    {
        long owed = OwedOffset;
        if (owed < NextOffset) return;
        reader.Read(this, NextOffset, owed, record => Judge(record.Offset, record.Value), token);
        Missing(owed);
    }

    public override void CompareWhole(ILogReader reader, string whose, CancellationToken token)
    {
        var hash = new XxHash128();
        if (NextOffset > 0) reader.Read(this, 0, NextOffset - 1, record => Append(hash, record.Offset, record.Value), token);
        if (Convert.ToHexString(hash.GetCurrentHash()) != Checksum) Violations.Add($"{Name}: the whole log reads differently from {whose} than what was read after each round");
    }

    /// <summary>Passes over what was taken away before it was judged: it owes nothing any more.</summary>
    protected void PassTo(long offset)
    {
        lock (_lock)
        {
            if (offset <= NextOffset) return;
            _passed.Add((NextOffset, offset));
            NextOffset = offset;
            foreach (long owed in _pending.Keys.Where(owed => owed < offset).ToList()) _pending.Remove(owed);
        }
    }

    private bool IsPassed(long offset) => _passed.Exists(range => range.From <= offset && offset < range.To);

    /// <summary>One step of a checksum over a log.</summary>
    private static void Append(XxHash128 hash, long offset, ReadOnlySpan<byte> value)
    {
        Span<byte> place = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(place, offset);
        hash.Append(place);
        hash.Append(value);
    }
}
