using Moldau.Protocol.Messages;

namespace Moldau.Coordinators.Groups.Classic;

/// <summary>A JoinGroup request, taken apart so that it can outlive the buffers it was read into.</summary>
internal sealed class JoinCall
{
    /// <summary>From this version on a member must come back with the id it is given before it counts (KIP-394).</summary>
    private const short RequiresKnownMemberIdSince = 4;

    public JoinCall(JoinGroupRequest request, RequestOrigin origin, string memberIdSuffix, ReplyToken token)
    {
        GroupId = request.GroupId;
        MemberId = request.MemberId;
        GroupInstanceId = request.GroupInstanceId;
        ProtocolType = request.ProtocolType;
        SessionTimeoutMs = request.SessionTimeoutMs;

        // Version 0 has no rebalance timeout.
        RebalanceTimeoutMs = origin.ApiVersion == 0 ? request.SessionTimeoutMs : request.RebalanceTimeoutMs;
        Origin = origin;
        Token = token;
        MemberIdSuffix = memberIdSuffix;

        // A name offered twice counts once: votes are counted by who offers a protocol.
        var protocols = new List<MemberProtocol>(request.Protocols.Count);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (JoinGroupRequest.JoinGroupRequestProtocol protocol in request.Protocols)
        {
            if (names.Add(protocol.Name)) protocols.Add(new MemberProtocol(protocol.Name, protocol.Metadata));
        }

        Protocols = protocols;
    }

    public string GroupId { get; }

    public string MemberId { get; }

    public string? GroupInstanceId { get; }

    public string ProtocolType { get; }

    public IReadOnlyList<MemberProtocol> Protocols { get; }

    public int SessionTimeoutMs { get; }

    public int RebalanceTimeoutMs { get; }

    public RequestOrigin Origin { get; }

    public ReplyToken Token { get; }

    public string MemberIdSuffix { get; }

    /// <summary>The client has no member id yet.</summary>
    public bool IsUnknownMember => MemberId.Length == 0;

    public bool RequiresKnownMemberId => Origin.ApiVersion >= RequiresKnownMemberIdSince;

    /// <summary>The id that a new member gets: its instance or client id, and a random suffix.</summary>
    public string NewMemberId => $"{GroupInstanceId ?? Origin.ClientId}-{MemberIdSuffix}";
}
