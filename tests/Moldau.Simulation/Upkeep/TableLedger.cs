using Moldau.Simulation.Clients;

namespace Moldau.Simulation.Upkeep;

/// <summary>One write of a key: the n-th of its writer to the partition. A null value is a tombstone.</summary>
internal readonly record struct TableWrite(string Writer, string Key, int Number, bool IsTombstone)
{
    /// <summary>The key that all writers write; each has its own beside it.</summary>
    public const string SharedKey = "shared";

    /// <summary>Whether others write the key too, so that the order of its writes is nobody's to know.</summary>
    public bool IsShared => Key == SharedKey;

    public override string ToString() => $"{(IsTombstone ? "tombstone" : "write")} {Number} of {Writer} to {Key}";
}

/// <summary>A record of the table as it was read.</summary>
internal readonly record struct TableEntry(long Offset, long TimestampMs, TableWrite Write);

/// <summary>
/// What clients know of one partition of a compacted topic. The cleaner may take away a write that a later one of its key follows, and nothing else: tombstones
/// stay, since the topic keeps them for longer than a scenario lasts.
/// </summary>
internal sealed class TableLedger(Partition partition)
{
    private readonly SortedDictionary<long, TableWrite> known = [];
    private readonly Dictionary<TableWrite, long> places = [];
    private readonly SortedDictionary<string, (long Offset, TableWrite Write)> newest = new(StringComparer.Ordinal);
    private readonly SortedSet<long> acknowledged = [];

    /// <summary>Offsets that were acknowledged and that the log, when it was read last, did not show any more.</summary>
    public int CleanedCount { get; private set; }

    /// <summary>Who has written to the partition: the node remembers each, as long as a producer is idle for less than a day.</summary>
    public int WriterCount => acknowledged.Select(offset => known[offset].Writer).Distinct().Count();

    /// <summary>Whether a consumer that goes through the whole log may be given everything that was acknowledged.</summary>
    public bool IsCovered(IReadOnlyDictionary<string, int> seen) =>
        newest.All(each => seen.TryGetValue(each.Key, out int number) && number >= each.Value.Write.Number);

    public void Acknowledge(long offset, TableWrite write)
    {
        Learn(offset, write, "acknowledged");
        acknowledged.Add(offset);
        if (write.IsShared) return;
        if (!newest.TryGetValue(write.Key, out (long Offset, TableWrite Write) before) || before.Write.Number < write.Number) newest[write.Key] = (offset, write);
    }

    public void Read(long offset, TableWrite write) => Learn(offset, write, "read");

    /// <summary>Holds the whole log, read after everything has settled, against what was known.</summary>
    public void Compare(IReadOnlyList<TableEntry> content)
    {
        long last = -1;
        SortedDictionary<string, TableWrite> state = new(StringComparer.Ordinal);
        foreach ((long offset, _, TableWrite write) in content)
        {
            if (offset <= last) throw new BrokenPromiseException($"{partition}: offset {offset} follows {last}");
            last = offset;
            Learn(offset, write, "read");
            if (write.IsShared) continue;
            if (state.TryGetValue(write.Key, out TableWrite before) && before.Number >= write.Number) throw new BrokenPromiseException($"{partition}: {write} follows {before}");
            state[write.Key] = write;
        }

        foreach ((string key, (long offset, TableWrite write)) in newest)
        {
            if (!state.TryGetValue(key, out TableWrite shown)) throw new BrokenPromiseException($"{partition}: {write} was acknowledged at offset {offset}, and the key is gone");
            if (shown.Number < write.Number) throw new BrokenPromiseException($"{partition}: {write} was acknowledged at offset {offset}, and {shown} is the last of its key");
        }

        CleanedCount = acknowledged.Count - content.Count(each => acknowledged.Contains(each.Offset));
    }

    private void Learn(long offset, TableWrite write, string how)
    {
        if (!known.TryAdd(offset, write) && known[offset] != write) throw new BrokenPromiseException($"{partition}: {write} is {how} at offset {offset}, where {known[offset]} was before");
        // Its writer is idempotent.
        if (!places.TryAdd(write, offset) && places[write] != offset) throw new BrokenPromiseException($"{partition}: {write} is {how} at offset {offset}, and was at {places[write]} before");
    }
}
