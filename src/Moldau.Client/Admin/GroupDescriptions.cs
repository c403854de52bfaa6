using Moldau.Protocol;

namespace Moldau.Client.Admin;

/// <summary>A group as a coordinator lists it.</summary>
/// <param name="Id">Its name.</param>
/// <param name="ProtocolType"><c>consumer</c> for consumers; empty for offsets without members.</param>
/// <param name="State">For example Stable or Empty; empty when the broker does not tell.</param>
/// <param name="Type"><c>classic</c> or <c>consumer</c>; empty when the broker does not tell.</param>
/// <param name="Coordinator">The node id of its coordinator.</param>
public sealed record GroupListing(string Id, string ProtocolType, string State, string Type, int Coordinator);

/// <summary>A group with its members.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Error"><see cref="ErrorCode.None"/>, or why it is not described.</param>
/// <param name="State">For example Stable, Empty or Dead.</param>
/// <param name="ProtocolType"><c>consumer</c> for consumers.</param>
/// <param name="Protocol">The assignor that was agreed on.</param>
/// <param name="Coordinator">The node id of its coordinator.</param>
/// <param name="Members">Its members.</param>
public sealed record GroupDescription(
    string Id, ErrorCode Error, string State, string ProtocolType, string Protocol, int Coordinator, IReadOnlyList<MemberDescription> Members);

/// <summary>A member of a group.</summary>
/// <param name="Id">The id that the coordinator gave it.</param>
/// <param name="InstanceId">Its own name, for static members.</param>
/// <param name="ClientId">Its client's id.</param>
/// <param name="Host">Where it connects from.</param>
/// <param name="Assignment">Its partitions; empty for a protocol that is not the consumers'.</param>
public sealed record MemberDescription(string Id, string? InstanceId, string ClientId, string Host, IReadOnlyList<TopicPartition> Assignment);

/// <summary>A committed offset.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Offset">The next offset to read; -1 when nothing is committed.</param>
/// <param name="LeaderEpoch">The epoch of the last record read; -1 when unknown.</param>
/// <param name="Metadata">What the group noted with it.</param>
/// <param name="Error"><see cref="ErrorCode.None"/>, or why it is not known.</param>
public sealed record CommittedOffset(TopicPartition Partition, long Offset, int LeaderEpoch = -1, string? Metadata = null, ErrorCode Error = ErrorCode.None);
