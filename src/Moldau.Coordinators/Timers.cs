namespace Moldau.Coordinators;

/// <summary>What a coordinator timer is for.</summary>
public enum TimerKind
{
    /// <summary>A member, or a pending member, has not been heard of for its session timeout.</summary>
    Session,

    /// <summary>The join phase of a group's rebalance ends.</summary>
    Join,

    /// <summary>Members that took a new generation have not asked for their assignment in time.</summary>
    Sync,

    /// <summary>Expired offsets and empty groups are looked for.</summary>
    Expiration,
}

/// <summary>Names a timer. Setting a key that is set moves its deadline.</summary>
/// <param name="Kind">What it is for.</param>
/// <param name="GroupId">The group, empty for the shard's own timers.</param>
/// <param name="MemberId">The member, for <see cref="TimerKind.Session"/>.</param>
public readonly record struct TimerKey(TimerKind Kind, string GroupId, string MemberId = "");

/// <summary>Sets or cancels a timer.</summary>
/// <param name="Key">The timer.</param>
/// <param name="DeadlineMs">When it fires, in milliseconds since 1970; null cancels it.</param>
public readonly record struct TimerCommand(TimerKey Key, long? DeadlineMs);
