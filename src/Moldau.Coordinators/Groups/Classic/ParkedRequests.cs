using Moldau.Protocol;

namespace Moldau.Coordinators.Groups.Classic;

/// <summary>Answers what members have parked, so that no request is ever left without an answer.</summary>
internal static class ParkedRequests
{
    /// <summary>Answers the JoinGroup that a member has parked, if it has.</summary>
    public static void AnswerJoin(ClassicGroup group, ClassicMember member, Func<Protocol.Messages.JoinGroupResponse> response, CoordinatorResult result)
    {
        if (member.AwaitingJoin is not { } token) return;
        result.Answer(token, response());
        group.SetAwaitingJoin(member, null);
    }

    /// <summary>Answers the SyncGroup that a member has parked, if it has.</summary>
    public static bool AnswerSync(ClassicMember member, Protocol.Messages.SyncGroupResponse response, CoordinatorResult result)
    {
        if (member.AwaitingSync is not { } token) return false;
        result.Answer(token, response);
        member.AwaitingSync = null;
        return true;
    }

    /// <summary>Refuses both, saying which id the JoinGroup's client should go on with.</summary>
    public static void Refuse(ClassicGroup group, ClassicMember member, string memberId, ErrorCode error, CoordinatorResult result)
    {
        AnswerJoin(group, member, () => JoinGroupReplies.Refused(memberId, error), result);
        AnswerSync(member, SyncGroupReplies.Refused(error), result);
    }

    /// <summary>
    /// Parks a JoinGroup. A client that sends a second one has given up on the first, whose connection is most likely gone; it is told
    /// to join again, in case somebody still listens.
    /// </summary>
    public static void ParkJoin(ClassicGroup group, ClassicMember member, ReplyToken token, CoordinatorResult result)
    {
        AnswerJoin(group, member, () => JoinGroupReplies.Refused(member.MemberId, ErrorCode.RebalanceInProgress), result);
        group.SetAwaitingJoin(member, token);
    }

    /// <summary>Parks a SyncGroup, on the same terms.</summary>
    public static void ParkSync(ClassicMember member, ReplyToken token, CoordinatorResult result)
    {
        AnswerSync(member, SyncGroupReplies.Refused(ErrorCode.RebalanceInProgress), result);
        member.AwaitingSync = token;
    }
}
