using Moldau.Protocol;

namespace Moldau.Client.Groups;

/// <summary>Shares of members that are made even by moving single partitions from who has more to who has at least two fewer.</summary>
internal sealed class StickyBalance(List<GroupMember> members)
{
    private readonly Dictionary<string, List<TopicPartition>> shares = members.ToDictionary(static member => member.Id, static _ => new List<TopicPartition>());

    public Dictionary<string, List<TopicPartition>> Shares => shares;

    public void Give(TopicPartition partition, string member) => shares[member].Add(partition);

    public void GiveToLeast(TopicPartition partition) => Give(partition, LeastOf(partition.Topic)!.Id);

    /// <summary>Moves until no move makes two members more even. Each move brings the squares of the loads down, so there is an end.</summary>
    public void Even()
    {
        while (MoveOne())
        {
        }
    }

    private bool MoveOne()
    {
        foreach (GroupMember from in members.OrderByDescending(member => shares[member.Id].Count))
        {
            List<TopicPartition> share = shares[from.Id];
            // The last ones were given last: what the member had before stays.
            for (int i = share.Count - 1; i >= 0; i--)
            {
                GroupMember to = LeastOf(share[i].Topic)!;
                if (shares[to.Id].Count + 1 >= share.Count) continue;
                shares[to.Id].Add(share[i]);
                share.RemoveAt(i);
                return true;
            }
        }

        return false;
    }

    private GroupMember? LeastOf(string topic)
    {
        GroupMember? least = null;
        foreach (GroupMember member in members)
        {
            if (member.Topics.Contains(topic) && (least is null || shares[member.Id].Count < shares[least.Id].Count)) least = member;
        }

        return least;
    }
}
