using Moldau.Protocol;

namespace Moldau.Coordinators.Groups.Classic;

/// <summary>
/// The rebalance of classic groups: collects the members that want to join, begins a generation, gives every member its answer.
/// </summary>
internal sealed class Rebalance(GroupConfig config)
{
    /// <summary>Begins a rebalance where the state allows one, else sees whether the running join phase is over.</summary>
    public void PrepareOrCompleteJoin(ClassicGroup group, CoordinatorResult result)
    {
        if (group.State != ClassicGroupState.PreparingRebalance) Prepare(group, result);
        else CompleteJoinIfAllJoined(group, result);
    }

    /// <summary>Asks all members to join again. An empty group waits a while, to begin with as many members as possible.</summary>
    public void Prepare(ClassicGroup group, CoordinatorResult result)
    {
        if (group.State == ClassicGroupState.CompletingRebalance) DropAssignments(group, ErrorCode.RebalanceInProgress, result);
        group.ForgetExpectedSyncs();
        result.CancelTimer(GroupTimers.Sync(group.GroupId));

        bool initial = group.IsEmpty;
        if (initial)
        {
            int remainingMs = Math.Max(group.RebalanceTimeoutMs - config.InitialRebalanceDelayMs, 0);
            group.NewMemberAdded = false;
            StartInitialDelay(group, config.InitialRebalanceDelayMs, remainingMs, result);
        }

        group.TransitionTo(ClassicGroupState.PreparingRebalance, result.NowMs);
        if (initial) return;
        if (group.HasAllMembersJoined) CompleteJoin(group, result);
        else result.SetTimer(GroupTimers.Join(group.GroupId), group.RebalanceTimeoutMs);
    }

    /// <summary>Ends the join phase early when nobody is missing. The initial delay is always waited for.</summary>
    public void CompleteJoinIfAllJoined(ClassicGroup group, CoordinatorResult result)
    {
        if (group.State != ClassicGroupState.PreparingRebalance || group.PreviousState == ClassicGroupState.Empty) return;
        if (group.HasAllMembersJoined) CompleteJoin(group, result);
    }

    /// <summary>The join timer fired: the end of one step of the initial delay, or of the rebalance timeout.</summary>
    public void JoinTimerFired(ClassicGroup group, CoordinatorResult result)
    {
        if (group.State != ClassicGroupState.PreparingRebalance) return;
        (int delayMs, int remainingMs) = group.InitialDelay;
        if (group.PreviousState == ClassicGroupState.Empty && group.NewMemberAdded && remainingMs != 0)
        {
            group.NewMemberAdded = false;
            StartInitialDelay(group, Math.Min(config.InitialRebalanceDelayMs, remainingMs), Math.Max(remainingMs - delayMs, 0), result);
            return;
        }

        CompleteJoin(group, result);
    }

    /// <summary>Begins a generation with those that joined. Dynamic members that did not are out; static ones keep their place.</summary>
    public void CompleteJoin(ClassicGroup group, CoordinatorResult result)
    {
        Invariant.That(group.State == ClassicGroupState.PreparingRebalance);
        result.CancelTimer(GroupTimers.Join(group.GroupId));
        foreach (ClassicMember late in group.Members.Where(member => member.AwaitingJoin is null && !member.IsStatic).ToList())
        {
            group.Remove(late.MemberId);
            result.CancelTimer(GroupTimers.Session(group.GroupId, late.MemberId));
        }

        if (!group.ElectJoinedLeader() && group.Members.Count > 0)
        {
            // Only static members are left and none of them joined: wait until one does, or their sessions end.
            result.SetTimer(GroupTimers.Join(group.GroupId), group.RebalanceTimeoutMs);
            return;
        }

        group.BeginGeneration(result.NowMs);
        if (group.IsEmpty)
        {
            // Should this write fail, the last generation comes back on reload, finds no heartbeats and empties again: nothing to undo.
            result.Append(GroupRecords.GroupMetadata(group, NoAssignments));
            return;
        }

        foreach (ClassicMember member in group.Members)
        {
            ParkedRequests.AnswerJoin(group, member, () => JoinGroupReplies.Joined(group, member.MemberId), result);
            KeepSession(group, member, result);
            member.IsNew = false;
            group.ExpectSync(member.MemberId);
        }

        result.SetTimer(GroupTimers.Sync(group.GroupId), group.RebalanceTimeoutMs);
    }

    /// <summary>The sync timer fired: whoever has not asked for its assignment is taken for dead.</summary>
    public void SyncTimerFired(ClassicGroup group, CoordinatorResult result)
    {
        if (group.State is not (ClassicGroupState.CompletingRebalance or ClassicGroupState.Stable) || group.HasAllSynced) return;
        foreach (ClassicMember silent in group.Members.Where(member => group.IsExpectedToSync(member.MemberId)).ToList())
        {
            Evict(group, silent, result);
        }

        Prepare(group, result);
    }

    /// <summary>A session timer fired, of a member or a pending one.</summary>
    public void SessionTimerFired(ClassicGroup group, string memberId, CoordinatorResult result)
    {
        if (group.IsPending(memberId))
        {
            group.Remove(memberId);
            if (group.State == ClassicGroupState.PreparingRebalance && group.HasAllMembersJoined) CompleteJoin(group, result);
        }
        else if (group.Find(memberId) is { KeepsSession: false } member)
        {
            Evict(group, member, result);
            MembersLeft(group, result);
        }
    }

    /// <summary>Takes a member out. What it has parked is refused, so that a client that is still there joins anew.</summary>
    public void Evict(ClassicGroup group, ClassicMember member, CoordinatorResult result)
    {
        result.CancelTimer(GroupTimers.Session(group.GroupId, member.MemberId));
        ParkedRequests.Refuse(group, member, JoinGroupReplies.UnknownMemberId, ErrorCode.UnknownMemberId, result);
        group.Remove(member.MemberId);
    }

    /// <summary>Follows up after members went: a settled group rebalances, a rebalancing one may have been waiting just for them.</summary>
    public void MembersLeft(ClassicGroup group, CoordinatorResult result)
    {
        if (group.State is ClassicGroupState.Stable or ClassicGroupState.CompletingRebalance) Prepare(group, result);
        else if (group.State == ClassicGroupState.PreparingRebalance && group.HasAllMembersJoined) CompleteJoin(group, result);
    }

    /// <summary>The member was heard of: its session runs on from now.</summary>
    public void KeepSession(ClassicGroup group, ClassicMember member, CoordinatorResult result) =>
        result.SetTimer(GroupTimers.Session(group.GroupId, member.MemberId), member.SessionTimeoutMs);

    /// <summary>The assignment is in the log: every member that waits for it gets its part, and the group is stable.</summary>
    public void Assign(ClassicGroup group, IReadOnlyDictionary<string, byte[]> assignments, CoordinatorResult result)
    {
        Invariant.That(group.State == ClassicGroupState.CompletingRebalance);
        foreach (ClassicMember member in group.Members)
        {
            member.Assignment = assignments.GetValueOrDefault(member.MemberId) ?? [];

            // The session may have run out, without effect, while the member was parked: it starts over.
            if (ParkedRequests.AnswerSync(member, SyncGroupReplies.Assigned(group, member), result)) KeepSession(group, member, result);
        }

        group.TransitionTo(ClassicGroupState.Stable, result.NowMs);
    }

    /// <summary>Gives up the assignment of a generation that did not come to be.</summary>
    public void DropAssignments(ClassicGroup group, ErrorCode error, CoordinatorResult result)
    {
        Invariant.That(group.State == ClassicGroupState.CompletingRebalance);
        foreach (ClassicMember member in group.Members)
        {
            member.Assignment = [];
            if (ParkedRequests.AnswerSync(member, SyncGroupReplies.Refused(error), result)) KeepSession(group, member, result);
        }
    }

    internal static readonly IReadOnlyDictionary<string, byte[]> NoAssignments = new Dictionary<string, byte[]>();

    private static void StartInitialDelay(ClassicGroup group, int delayMs, int remainingMs, CoordinatorResult result)
    {
        group.InitialDelay = (delayMs, remainingMs);
        result.SetTimer(GroupTimers.Join(group.GroupId), delayMs);
    }
}
