using Moldau.Protocol;

namespace Moldau.Client.Groups;

/// <summary>
/// Evenly, moving as few partitions as possible (KIP-54), and cooperatively (KIP-429): a partition that moves is first taken from its owner in one
/// rebalance, and given to the next owner in another, so that nobody else has to stop reading.
/// </summary>
public sealed class CooperativeStickyAssignor : IPartitionAssignor
{
    /// <inheritdoc/>
    public string Name => "cooperative-sticky";

    /// <inheritdoc/>
    public bool IsCooperative => true;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, List<TopicPartition>> Assign(IReadOnlyDictionary<string, int> partitions, IReadOnlyList<GroupMember> members)
    {
        List<GroupMember> sorted = GroupMember.Sorted(members);
        Dictionary<TopicPartition, string> owners = OwnersOf(sorted, partitions);
        var balance = new StickyBalance(sorted);
        foreach ((TopicPartition partition, string owner) in owners) balance.Give(partition, owner);
        foreach (TopicPartition partition in Unowned(partitions, sorted, owners)) balance.GiveToLeast(partition);
        balance.Even();
        Dictionary<string, List<TopicPartition>> shares = balance.Shares;
        foreach ((string member, List<TopicPartition> share) in shares)
        {
            share.RemoveAll(partition => owners.TryGetValue(partition, out string? owner) && owner != member);
            share.Sort(GroupMember.Compare);
        }

        return shares;
    }

    // Of two members that claim a partition the one with the later generation has it; with the same generation neither can prove it.
    private static Dictionary<TopicPartition, string> OwnersOf(List<GroupMember> members, IReadOnlyDictionary<string, int> partitions)
    {
        Dictionary<TopicPartition, (string? Member, int Generation)> claims = [];
        foreach (GroupMember member in members)
        {
            foreach (TopicPartition partition in member.Owned)
            {
                if (partition.Partition >= partitions.GetValueOrDefault(partition.Topic) || !member.Topics.Contains(partition.Topic)) continue;
                bool isClaimed = claims.TryGetValue(partition, out (string? Member, int Generation) other);
                if (!isClaimed || member.Generation > other.Generation) claims[partition] = (member.Id, member.Generation);
                else if (member.Generation == other.Generation) claims[partition] = (null, member.Generation);
            }
        }

        return claims.Where(static claim => claim.Value.Member is not null).ToDictionary(static claim => claim.Key, static claim => claim.Value.Member!);
    }

    // Those with the fewest takers first: the others can be dealt with more freely.
    private static IEnumerable<TopicPartition> Unowned(IReadOnlyDictionary<string, int> partitions, List<GroupMember> members, Dictionary<TopicPartition, string> owners) =>
        from topic in partitions
            .Select(topic => (topic.Key, topic.Value, Takers: members.Count(member => member.Topics.Contains(topic.Key))))
            .OrderBy(static topic => topic.Takers).ThenBy(static topic => topic.Key, StringComparer.Ordinal)
        where topic.Takers > 0
        from number in Enumerable.Range(0, topic.Value)
        let partition = new TopicPartition(topic.Key, number)
        where !owners.ContainsKey(partition)
        select partition;
}
