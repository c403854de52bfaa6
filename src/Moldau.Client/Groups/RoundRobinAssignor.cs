using Moldau.Protocol;

namespace Moldau.Client.Groups;

/// <summary>All partitions of all topics in order, one to each member in turn that is subscribed to it.</summary>
public sealed class RoundRobinAssignor : IPartitionAssignor
{
    /// <inheritdoc/>
    public string Name => "roundrobin";

    /// <inheritdoc/>
    public bool IsCooperative => false;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, List<TopicPartition>> Assign(IReadOnlyDictionary<string, int> partitions, IReadOnlyList<GroupMember> members)
    {
        List<GroupMember> sorted = GroupMember.Sorted(members);
        Dictionary<string, List<TopicPartition>> shares = sorted.ToDictionary(static member => member.Id, static _ => new List<TopicPartition>());
        int turn = 0;
        foreach ((string topic, int count) in partitions.OrderBy(static each => each.Key, StringComparer.Ordinal))
        {
            if (!sorted.Exists(member => member.Topics.Contains(topic))) continue;
            for (int partition = 0; partition < count; partition++)
            {
                while (!sorted[turn % sorted.Count].Topics.Contains(topic)) turn++;
                shares[sorted[turn++ % sorted.Count].Id].Add(new TopicPartition(topic, partition));
            }
        }

        return shares;
    }
}
