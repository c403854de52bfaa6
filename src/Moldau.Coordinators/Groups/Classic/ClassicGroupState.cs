namespace Moldau.Coordinators.Groups.Classic;

/// <summary>Where a classic group stands. The names go over the wire as they are.</summary>
internal enum ClassicGroupState
{
    /// <summary>No members. The group may hold offsets.</summary>
    Empty,

    /// <summary>Members are asked to join; their JoinGroup requests are parked.</summary>
    PreparingRebalance,

    /// <summary>A generation has begun; the leader's assignment is awaited.</summary>
    CompletingRebalance,

    /// <summary>Every member can have its assignment.</summary>
    Stable,

    /// <summary>The group is not there. Only ever said of an unknown group; no group object is in this state.</summary>
    Dead,
}

internal static class ClassicGroupTransitions
{
    public static bool IsValid(ClassicGroupState from, ClassicGroupState to) => to switch
    {
        ClassicGroupState.PreparingRebalance => from is ClassicGroupState.Empty or ClassicGroupState.CompletingRebalance or ClassicGroupState.Stable,
        ClassicGroupState.CompletingRebalance or ClassicGroupState.Empty => from is ClassicGroupState.PreparingRebalance,
        ClassicGroupState.Stable => from is ClassicGroupState.CompletingRebalance,
        _ => false,
    };
}
