using Moldau.Protocol;

namespace Moldau.Client.Groups;

/// <summary>Topic by topic, each member gets a run of neighbouring partitions; the first ones get one more when it does not divide evenly.</summary>
public sealed class RangeAssignor : IPartitionAssignor
{
    /// <inheritdoc/>
    public string Name => "range";

    /// <inheritdoc/>
    public bool IsCooperative => false;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, List<TopicPartition>> Assign(IReadOnlyDictionary<string, int> partitions, IReadOnlyList<GroupMember> members)
    {
        List<GroupMember> sorted = GroupMember.Sorted(members);
        Dictionary<string, List<TopicPartition>> shares = sorted.ToDictionary(static member => member.Id, static _ => new List<TopicPartition>());
        foreach ((string topic, int count) in partitions.OrderBy(static each => each.Key, StringComparer.Ordinal))
        {
            List<GroupMember> subscribed = sorted.FindAll(member => member.Topics.Contains(topic));
            int next = 0;
            for (int i = 0; i < subscribed.Count; i++)
            {
                int end = next + (count / subscribed.Count) + (i < count % subscribed.Count ? 1 : 0);
                for (; next < end; next++) shares[subscribed[i].Id].Add(new TopicPartition(topic, next));
            }
        }

        return shares;
    }
}
