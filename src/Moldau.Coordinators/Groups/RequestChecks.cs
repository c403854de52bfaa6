using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Coordinators.Groups;

/// <summary>What can be said of a request before its shard is asked, and so also while that one is loading or elsewhere.</summary>
public static class RequestChecks
{
    /// <summary>
    /// Checks a group id where members or their offsets are concerned. Committing, fetching, describing and deleting take the empty id
    /// for the sake of very old clients.
    /// </summary>
    public static ErrorCode GroupId(string groupId) => groupId.Length == 0 ? ErrorCode.InvalidGroupId : ErrorCode.None;

    /// <summary>Checks a JoinGroup's group id and session timeout.</summary>
    public static ErrorCode JoinGroup(JoinGroupRequest request, GroupConfig config)
    {
        if (request.GroupId.Length == 0) return ErrorCode.InvalidGroupId;
        bool valid = request.SessionTimeoutMs >= config.MinSessionTimeoutMs && request.SessionTimeoutMs <= config.MaxSessionTimeoutMs;
        return valid ? ErrorCode.None : ErrorCode.InvalidSessionTimeout;
    }

    /// <summary>Checks a SyncGroup's group id, and that it names the protocol where its version has to (KIP-559).</summary>
    public static ErrorCode SyncGroup(SyncGroupRequest request, short apiVersion)
    {
        const short namesProtocolSince = 5;
        if (apiVersion >= namesProtocolSince && (request.ProtocolType is null || request.ProtocolName is null)) return ErrorCode.InconsistentGroupProtocol;
        return GroupId(request.GroupId);
    }
}
