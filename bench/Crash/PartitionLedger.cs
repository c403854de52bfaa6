using System.Buffers.Binary;
using System.IO.Hashing;

namespace Moldau.Crash;

/// <summary>
/// What a node owes in one partition: every acknowledged record at the offset that was told, in the order of the producer, each once if the
/// producer is idempotent. Acknowledgements come from any thread; records are judged by one, in order of offset, each of them once.
/// </summary>
internal sealed class PartitionLedger(string topic, int partition, bool isIdempotent, Violations violations)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, long> _pending = [];
    private readonly HashSet<long> _seen = [];
    private readonly XxHash128 _hash = new();
    private long _sequenceMax = -1;

    public string Topic { get; } = topic;

    public int Partition { get; } = partition;

    /// <summary>The offset up to which the log was judged.</summary>
    public long NextOffset { get; private set; }

    public long Acknowledged { get; private set; }

    /// <summary>Records beyond the first of their sequence number.</summary>
    public long Duplicates { get; private set; }

    /// <summary>A checksum of all offsets and values that were judged.</summary>
    public string Checksum => Convert.ToHexString(_hash.GetCurrentHash());

    /// <summary>Acknowledgements that were not judged yet.</summary>
    public int PendingCount
    {
        get { lock (_lock) return _pending.Count; }
    }

    /// <summary>The highest offset that was acknowledged and not judged yet; -1: none.</summary>
    public long OwedOffset
    {
        get { lock (_lock) return _pending.Count == 0 ? -1 : _pending.Keys.Max(); }
    }

    public void Acknowledge(long offset, long sequence)
    {
        lock (_lock)
        {
            Acknowledged++;
            if (offset < NextOffset)
            {
                // The reader was faster than the acknowledgement: what stands there was judged with its neighbours.
                if (!_seen.Contains(sequence)) violations.Add($"{Name}: record {sequence} was acknowledged at offset {offset} and is not in the log up to {NextOffset}");
            }
            else if (!_pending.TryAdd(offset, sequence))
            {
                violations.Add($"{Name}: records {_pending[offset]} and {sequence} were both acknowledged at offset {offset}");
            }
        }
    }

    /// <summary>Judges the next record of the log.</summary>
    public void Judge(long offset, ReadOnlySpan<byte> value)
    {
        lock (_lock)
        {
            if (offset != NextOffset) violations.Add($"{Name}: offset {offset} follows {NextOffset - 1}");
            NextOffset = offset + 1;
            Append(_hash, offset, value);
            long sequence = SequenceOf(value);
            if (_pending.Remove(offset, out long owed) && owed != sequence)
                violations.Add($"{Name}: offset {offset} holds record {sequence}; record {owed} was acknowledged there");
            if (sequence > _sequenceMax)
            {
                _sequenceMax = sequence;
                _seen.Add(sequence);
            }
            else if (_seen.Add(sequence))
            {
                violations.Add($"{Name}: record {sequence} at offset {offset} comes after {_sequenceMax}");
            }
            else
            {
                Duplicates++;
                if (isIdempotent) violations.Add($"{Name}: record {sequence} stands again at offset {offset}");
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
                violations.Add($"{Name}: record {sequence} was acknowledged at offset {offset} and is lost; the log ends at {NextOffset}");
                _pending.Remove(offset);
            }
        }
    }

    /// <summary>One step of a checksum over a log.</summary>
    public static void Append(XxHash128 hash, long offset, ReadOnlySpan<byte> value)
    {
        Span<byte> place = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(place, offset);
        hash.Append(place);
        hash.Append(value);
    }

    /// <summary>Every value starts with its producer's running number.</summary>
    private static long SequenceOf(ReadOnlySpan<byte> value)
    {
        long sequence = 0;
        foreach (byte digit in value)
        {
            if (digit is < (byte)'0' or > (byte)'9') break;
            sequence = (sequence * 10) + (digit - '0');
        }

        return sequence;
    }

    private string Name => $"{Topic}-{Partition}";
}
