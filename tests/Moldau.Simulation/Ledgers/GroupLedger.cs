using Moldau.Simulation.Clients;

namespace Moldau.Simulation.Ledgers;

/// <summary>
/// What the members of one group know: who was assigned what, what was processed, and which offsets were committed. Moments are counted, since on one
/// thread one thing happens after the other.
/// </summary>
internal sealed class GroupLedger
{
    private readonly SortedDictionary<(int Generation, string Leader), SortedDictionary<string, List<Partition>>> assignments = [];
    private readonly SortedDictionary<Partition, CommitRegister> committed = [];
    private readonly SortedDictionary<Partition, SortedSet<long>> processed = [];
    private int latestGeneration;
    private long moment;

    /// <summary>The next moment.</summary>
    public long Now() => ++moment;

    /// <summary>The committed offset of a partition.</summary>
    public CommitRegister Committed(Partition partition)
    {
        if (!committed.TryGetValue(partition, out CommitRegister? register)) committed.Add(partition, register = new CommitRegister(partition.ToString()));
        return register;
    }

    /// <summary>Offsets that members have processed.</summary>
    public SortedSet<long> Processed(Partition partition)
    {
        if (!processed.TryGetValue(partition, out SortedSet<long>? offsets)) processed.Add(partition, offsets = []);
        return offsets;
    }

    /// <summary>The leader of a generation hands in what it has decided.</summary>
    public void HandIn(int generation, string leader, SortedDictionary<string, List<Partition>> assignment) => assignments[(generation, leader)] = assignment;

    /// <summary>A member was told its part: the one that the leader decided, since then for good.</summary>
    public void Told(int generation, string leader, string member, IReadOnlyList<Partition> partitions)
    {
        if (!assignments.TryGetValue((generation, leader), out SortedDictionary<string, List<Partition>>? decided) || !decided.TryGetValue(member, out List<Partition>? own))
        {
            throw new BrokenPromiseException($"{member} is assigned {string.Join(", ", partitions)} in generation {generation}, for which {leader} has decided nothing");
        }

        if (!own.SequenceEqual(partitions))
        {
            throw new BrokenPromiseException($"{member} is assigned {string.Join(", ", partitions)} in generation {generation}, and {leader} has decided {string.Join(", ", own)}");
        }

        latestGeneration = Math.Max(latestGeneration, generation);
    }

    /// <summary>The newest generation that somebody has worked in: nobody may commit in an older one from now on.</summary>
    public int LatestGeneration => latestGeneration;
}
