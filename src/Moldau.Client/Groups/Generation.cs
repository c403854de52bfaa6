using Moldau.Protocol;

namespace Moldau.Client.Groups;

/// <summary>Who a consumer is in its group.</summary>
/// <param name="Id">The generation; -1 outside of one.</param>
/// <param name="MemberId">The id that the coordinator gave; empty before.</param>
/// <param name="Protocol">The assignor that was agreed on.</param>
internal sealed record Generation(int Id, string MemberId, string Protocol)
{
    public static readonly Generation None = new(-1, "", "");
}

/// <summary>What a rebalance came to.</summary>
/// <param name="Generation">Who the consumer is now.</param>
/// <param name="Partitions">What it gets.</param>
/// <param name="LeaderSaw">For the leader: the partition counts that it dealt out by; null for the others.</param>
internal sealed record JoinResult(Generation Generation, IReadOnlyList<TopicPartition> Partitions, IReadOnlyDictionary<string, int>? LeaderSaw);
