using Moldau.Protocol.Messages;

namespace Moldau.Coordinators.Groups.Classic;

/// <summary>A classic group as its record has it: what survives the coordinator.</summary>
internal sealed class StoredGroup(GroupMetadataValue value)
{
    /// <summary>The record's value, kept as it was written.</summary>
    public GroupMetadataValue Value { get; } = value;

    public int Generation => Value.Generation;

    public string? ProtocolType => string.IsNullOrEmpty(Value.ProtocolType) ? null : Value.ProtocolType;

    public string? ProtocolName => Value.Protocol;

    public string? LeaderId => Value.Leader;

    public long StateTimestampMs => Value.CurrentStateTimestamp;

    public bool HasMembers => Value.Members.Count > 0;

    /// <summary>The members, made anew at each call: of their protocols the record keeps the chosen one.</summary>
    public IReadOnlyList<ClassicMember> Members
    {
        get
        {
            var members = new List<ClassicMember>(Value.Members.Count);
            foreach (GroupMetadataValue.MemberMetadata stored in Value.Members)
            {
                members.Add(new ClassicMember(stored.MemberId, stored.GroupInstanceId, stored.ClientId, stored.ClientHost, Value.ProtocolType)
                {
                    // Records before version 1 have no rebalance timeout: the session's served for both then.
                    RebalanceTimeoutMs = stored.RebalanceTimeout == -1 ? stored.SessionTimeout : stored.RebalanceTimeout,
                    SessionTimeoutMs = stored.SessionTimeout,
                    Protocols = [new MemberProtocol(Value.Protocol ?? "", stored.Subscription)],
                    Assignment = stored.Assignment,
                });
            }

            return members;
        }
    }
}
