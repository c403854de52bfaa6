using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Coordinators.Groups.Classic;

/// <summary>The answers to SyncGroup.</summary>
internal static class SyncGroupReplies
{
    public static SyncGroupResponse Refused(ErrorCode error) => new() { ErrorCode = (short)error };

    public static SyncGroupResponse Assigned(ClassicGroup group, ClassicMember member) => new()
    {
        ProtocolType = group.ProtocolType,
        ProtocolName = group.ProtocolName,
        Assignment = member.Assignment,
    };
}
