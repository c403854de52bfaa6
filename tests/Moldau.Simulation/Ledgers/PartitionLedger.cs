namespace Moldau.Simulation.Ledgers;

/// <summary>
/// What clients know of one partition. What was acknowledged or read once is there for good, at its offset: every later word of the node is held against it.
/// </summary>
internal sealed class PartitionLedger(string name)
{
    private readonly SortedDictionary<long, string> known = [];
    private readonly SortedSet<long> acknowledged = [];
    private readonly SortedSet<string> idempotent = new(StringComparer.Ordinal);

    /// <summary>Called after each acknowledgement that a producer gets.</summary>
    public event Action? Acknowledged;

    /// <summary>Records that were acknowledged.</summary>
    public int AcknowledgedCount => acknowledged.Count;

    /// <summary>Offsets of records that were acknowledged.</summary>
    public IEnumerable<long> AcknowledgedOffsets => acknowledged;

    /// <summary>Notes that a producer is idempotent: each of its records is there once, in its order.</summary>
    public void AddIdempotent(string producer) => idempotent.Add(producer);

    /// <summary>A producer was told that its records are safe, the first of them at this offset.</summary>
    public void Acknowledge(long baseOffset, IReadOnlyList<string> values)
    {
        for (int i = 0; i < values.Count; i++)
        {
            Learn(baseOffset + i, values[i], "acknowledged");
            acknowledged.Add(baseOffset + i);
        }

        Acknowledged?.Invoke();
    }

    /// <summary>A consumer has read a record.</summary>
    public void Read(long offset, string value) => Learn(offset, value, "read");

    /// <summary>Compares a whole partition, read from its beginning after everything has settled, with what was known.</summary>
    public void Compare(IReadOnlyList<(long Offset, string Value)> content)
    {
        for (int i = 0; i < content.Count; i++)
        {
            if (content[i].Offset != i) throw new BrokenPromiseException($"{name}: offset {content[i].Offset} stands where {i} should");
        }

        foreach ((long offset, string value) in known)
        {
            string how = acknowledged.Contains(offset) ? "acknowledged" : "read";
            if (offset >= content.Count) throw new BrokenPromiseException($"{name}: {value} was {how} at offset {offset} and is gone: the log ends at {content.Count}");
        }

        CheckOrder(content);
    }

    // An idempotent producer numbers its records of a partition, so its part of the log counts up by one.
    private void CheckOrder(IReadOnlyList<(long Offset, string Value)> content)
    {
        SortedDictionary<string, int> next = new(StringComparer.Ordinal);
        foreach ((long offset, string value) in content)
        {
            (string producer, int number) = ProducedValue.Parse(value);
            if (!idempotent.Contains(producer)) continue;
            int expected = next.GetValueOrDefault(producer);
            if (number != expected)
            {
                string what = number < expected ? "is there twice" : $"is there without {producer}:{expected}";
                throw new BrokenPromiseException($"{name}: {value} of an idempotent producer {what}, at offset {offset}");
            }

            next[producer] = expected + 1;
        }
    }

    private void Learn(long offset, string value, string how)
    {
        if (known.TryAdd(offset, value) || known[offset] == value) return;
        throw new BrokenPromiseException($"{name}: {value} is {how} at offset {offset}, where {known[offset]} was before");
    }
}
