using Moldau.Protocol;

namespace Moldau.Coordinators.Groups.Classic;

/// <summary>A protocol that a member offers, an assignor's name for consumers, with the member's subscription under it.</summary>
internal readonly record struct MemberProtocol(string Name, byte[] Metadata);

/// <summary>A member of a classic group, with the requests of it that are parked.</summary>
internal sealed class ClassicMember(string memberId, string? groupInstanceId, string clientId, string clientHost, string protocolType)
{
    public string MemberId { get; } = memberId;

    /// <summary>Set for a static member (KIP-345).</summary>
    public string? GroupInstanceId { get; } = groupInstanceId;

    public string ClientId { get; } = clientId;

    public string ClientHost { get; } = clientHost;

    public string ProtocolType { get; } = protocolType;

    public int RebalanceTimeoutMs { get; set; }

    public int SessionTimeoutMs { get; set; }

    /// <summary>What the member offers, most wanted first.</summary>
    public IReadOnlyList<MemberProtocol> Protocols { get; set; } = [];

    public byte[] Assignment { get; set; } = [];

    /// <summary>The parked JoinGroup.</summary>
    public ReplyToken? AwaitingJoin { get; set; }

    /// <summary>The parked SyncGroup.</summary>
    public ReplyToken? AwaitingSync { get; set; }

    /// <summary>The member has not got its first JoinGroup answer: it does not know its id, so it cannot heartbeat.</summary>
    public bool IsNew { get; set; }

    public bool IsStatic => GroupInstanceId is not null;

    /// <summary>A parked request keeps the session alive, but for a new member's, whose client may be long gone.</summary>
    public bool KeepsSession => !IsNew && (AwaitingJoin is not null || AwaitingSync is not null);

    /// <summary>Whether the member offers exactly these protocols, in this order, with the same subscriptions.</summary>
    public bool Offers(IReadOnlyList<MemberProtocol> protocols)
    {
        if (protocols.Count != Protocols.Count) return false;
        for (int i = 0; i < protocols.Count; i++)
        {
            if (protocols[i].Name != Protocols[i].Name || !protocols[i].Metadata.AsSpan().SequenceEqual(Protocols[i].Metadata)) return false;
        }

        return true;
    }

    /// <summary>The subscription under a protocol that the group has chosen; every member offers that one.</summary>
    public byte[] Metadata(string protocolName)
    {
        foreach (MemberProtocol protocol in Protocols)
        {
            if (protocol.Name == protocolName) return protocol.Metadata;
        }

        Invariant.That(false, "a member offers the protocol its group has chosen");
        return [];
    }

    /// <summary>The member's first choice among the protocols that all members offer.</summary>
    public string Vote(Func<string, bool> isCandidate)
    {
        foreach (MemberProtocol protocol in Protocols)
        {
            if (isCandidate(protocol.Name)) return protocol.Name;
        }

        Invariant.That(false, "a member offers one of the protocols common to all");
        return "";
    }

    /// <summary>The same member under a new id: what replaces a static member that came back.</summary>
    public ClassicMember WithId(string memberId) => new(memberId, GroupInstanceId, ClientId, ClientHost, ProtocolType)
    {
        RebalanceTimeoutMs = RebalanceTimeoutMs,
        SessionTimeoutMs = SessionTimeoutMs,
        Protocols = Protocols,
        Assignment = Assignment,
    };
}
