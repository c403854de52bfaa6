namespace Moldau.Simulation.Nodes;

/// <summary>
/// What clients know of one partition. What was acknowledged or read once is there for good, at its offset: every later word of the node is held against it.
/// </summary>
internal sealed class PartitionLedger(string name)
{
    private readonly SortedDictionary<long, string> known = [];
    private readonly SortedSet<long> acknowledged = [];

    /// <summary>Records that were acknowledged.</summary>
    public int Acknowledged => acknowledged.Count;

    /// <summary>A producer was told that its records are safe, the first of them at this offset.</summary>
    public void Acknowledge(long baseOffset, IReadOnlyList<string> values)
    {
        for (int i = 0; i < values.Count; i++)
        {
            Learn(baseOffset + i, values[i], "acknowledged");
            acknowledged.Add(baseOffset + i);
        }
    }

    /// <summary>A consumer has read a record.</summary>
    public void Read(long offset, string value) => Learn(offset, value, "read");

    /// <summary>Compares a whole partition, read from its beginning after everything has settled, with what was known.</summary>
    public void Compare(IReadOnlyList<(long Offset, string Value)> content)
    {
        for (int i = 1; i < content.Count; i++)
        {
            if (content[i].Offset != content[i - 1].Offset + 1) throw new BrokenPromiseException($"{name}: offset {content[i].Offset} follows {content[i - 1].Offset}");
        }

        Dictionary<long, string> there = content.ToDictionary(record => record.Offset, record => record.Value);
        foreach ((long offset, string value) in known)
        {
            string how = acknowledged.Contains(offset) ? "acknowledged" : "read";
            if (!there.TryGetValue(offset, out string? found)) throw new BrokenPromiseException($"{name}: {value} was {how} at offset {offset} and is gone");
            if (found != value) throw new BrokenPromiseException($"{name}: {value} was {how} at offset {offset}, where {found} is now");
        }
    }

    private void Learn(long offset, string value, string how)
    {
        if (known.TryAdd(offset, value) || known[offset] == value) return;
        throw new BrokenPromiseException($"{name}: {value} is {how} at offset {offset}, where {known[offset]} was before");
    }
}
