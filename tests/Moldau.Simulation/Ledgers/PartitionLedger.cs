namespace Moldau.Simulation.Ledgers;

/// <summary>
/// What clients know of one partition. What was acknowledged or read once is there for good, at its offset: every later word of the node is held against it.
/// </summary>
internal sealed class PartitionLedger(string name)
{
    private readonly SortedDictionary<long, string> known = [];
    private readonly SortedSet<long> acknowledged = [];
    private readonly SortedSet<string> idempotent = new(StringComparer.Ordinal);
    private long trimAsked;
    private long trimmed;

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

    /// <summary>Somebody asks the node to delete what is before an offset.</summary>
    public void AskTrim(long before) => trimAsked = Math.Max(trimAsked, before);

    /// <summary>The node has said that its log begins there now.</summary>
    public void Trimmed(long start)
    {
        if (start > trimAsked) throw new BrokenPromiseException($"{name}: the log begins at {start}, and nobody has asked for more than {trimAsked}");
        if (start < trimmed) throw new BrokenPromiseException($"{name}: the log begins at {start}, and what is before {trimmed} was deleted for good");
        trimmed = start;
    }

    /// <summary>Compares a whole partition, read from its beginning after everything has settled, with what was known.</summary>
    /// <param name="content">The records.</param>
    /// <param name="start">Where the log begins; as <see cref="Trimmed"/> was told.</param>
    public void Compare(IReadOnlyList<(long Offset, string Value)> content, long start = 0)
    {
        for (int i = 0; i < content.Count; i++)
        {
            if (content[i].Offset != start + i) throw new BrokenPromiseException($"{name}: offset {content[i].Offset} stands where {start + i} should");
        }

        foreach ((long offset, string value) in known)
        {
            string how = acknowledged.Contains(offset) ? "acknowledged" : "read";
            if (offset >= start + content.Count) throw new BrokenPromiseException($"{name}: {value} was {how} at offset {offset} and is gone: the log ends at {start + content.Count}");
        }

        CheckOrder(content, start);
    }

    // An idempotent producer numbers its records of a partition, so its part of the log counts up by one.
    private void CheckOrder(IReadOnlyList<(long Offset, string Value)> content, long start)
    {
        SortedDictionary<string, int> next = new(StringComparer.Ordinal);
        foreach ((long offset, string value) in content)
        {
            (string producer, int number) = ProducedValue.Parse(value);
            if (!idempotent.Contains(producer)) continue;
            // In a log that was cut at its beginning, counting begins with the first record that is left.
            int expected = next.TryGetValue(producer, out int following) ? following : start == 0 ? 0 : number;
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
