using Moldau.Protocol;

namespace Moldau.Client.Groups;

/// <summary>Deals the partitions of a group's topics out to its members; runs at the member that the coordinator chose to lead. Without state.</summary>
public interface IPartitionAssignor
{
    /// <summary>The name that members agree on.</summary>
    string Name { get; }

    /// <summary>Whether members keep what they have while partitions move (KIP-429). A group uses it when all its members' assignors do.</summary>
    bool IsCooperative { get; }

    /// <summary>Deals out.</summary>
    /// <param name="partitions">The number of partitions of each topic that exists.</param>
    /// <param name="members">The members; in any order.</param>
    /// <returns>Each member's partitions.</returns>
    IReadOnlyDictionary<string, List<TopicPartition>> Assign(IReadOnlyDictionary<string, int> partitions, IReadOnlyList<GroupMember> members);
}

/// <summary>A member of a group as its leader sees it.</summary>
/// <param name="Id">The id that the coordinator gave it.</param>
/// <param name="InstanceId">Its own name, for static members.</param>
/// <param name="Topics">What it is subscribed to.</param>
/// <param name="Owned">What it has at the moment.</param>
/// <param name="Generation">The generation in which it got that; -1 when unknown.</param>
public sealed record GroupMember(string Id, string? InstanceId, IReadOnlyList<string> Topics, IReadOnlyList<TopicPartition> Owned, int Generation)
{
    // Static members come first, by a name that a restart does not change, so that a restart changes nobody's share.
    internal static int Compare(GroupMember left, GroupMember right) => (left.InstanceId, right.InstanceId) switch
    {
        ({ } one, { } other) => string.CompareOrdinal(one, other),
        ({ }, null) => -1,
        (null, { }) => 1,
        _ => string.CompareOrdinal(left.Id, right.Id),
    };

    internal static int Compare(TopicPartition left, TopicPartition right)
    {
        int topic = string.CompareOrdinal(left.Topic, right.Topic);
        return topic != 0 ? topic : left.Partition.CompareTo(right.Partition);
    }

    internal static List<GroupMember> Sorted(IReadOnlyList<GroupMember> members)
    {
        List<GroupMember> sorted = [.. members];
        sorted.Sort(Compare);
        return sorted;
    }
}
