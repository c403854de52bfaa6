using System.Text;
using Moldau.Coordinators.Groups;
using Moldau.Coordinators.Groups.Classic;

namespace Moldau.Coordinators.Tests.Groups;

/// <summary>Everything durable in a shard, as text to compare.</summary>
internal static class DurableText
{
    public static string Of(GroupShard shard)
    {
        var text = new StringBuilder();
        foreach (var (id, stored) in shard.State.Classic.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            text.AppendLine($"group {id}: {stored.Value.ToJson(GroupRecords.GroupMetadataVersion).ToJsonString()}");
        }

        foreach (string id in shard.State.Others.Ids.Order(StringComparer.Ordinal))
        {
            var other = shard.State.Others.Find(id)!;
            text.AppendLine($"{other.Type} {id}: {other.State}, {other.Keys.Count()} records");
        }

        foreach (string id in shard.State.Offsets.Committed.Groups.Order(StringComparer.Ordinal))
        {
            foreach (var (partition, offset) in shard.State.Offsets.Committed.Offsets(id)) text.AppendLine($"offset {id} {partition}: {offset}");
        }

        foreach (var (producer, pending) in shard.State.Offsets.Pending)
        {
            foreach (string id in pending.Groups.Order(StringComparer.Ordinal))
            {
                foreach (var (partition, offset) in pending.Offsets(id)) text.AppendLine($"pending {producer} {id} {partition}: {offset}");
            }
        }

        return text.ToString();
    }
}

/// <summary>What holds for every live group after every step.</summary>
internal static class GroupInvariants
{
    public static void Check(GroupShard shard)
    {
        foreach (string id in shard.Live.Ids)
        {
            ClassicGroup group = shard.Live.Find(id)!;
            Assert.Equal(group.Members.Count(member => member.AwaitingJoin is not null), group.AwaitingJoinCount);
            Assert.Equal(group.Members.Count > 0, group.LeaderId is not null);
            if (group.LeaderId is { } leader) Assert.True(group.Has(leader));
            foreach (ClassicMember member in group.Members.Where(member => member.IsStatic))
            {
                Assert.Equal(member.MemberId, group.StaticMemberId(member.GroupInstanceId!));
            }

            if (group.State is ClassicGroupState.CompletingRebalance or ClassicGroupState.Stable)
            {
                Assert.NotEmpty(group.Members);
                Assert.NotNull(group.ProtocolName);
            }

            if (group.IsEmpty) Assert.Empty(group.Members);
            if (group.State != ClassicGroupState.CompletingRebalance) Assert.All(group.Members, member => Assert.Null(member.AwaitingSync));
        }
    }
}
