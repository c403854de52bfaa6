namespace Moldau.Coordinators.Groups;

/// <summary>The names of the shard's timers.</summary>
internal static class GroupTimers
{
    /// <summary>The one timer that is the shard's own.</summary>
    public static readonly TimerKey Expiration = new(TimerKind.Expiration, "");

    public static TimerKey Session(string groupId, string memberId) => new(TimerKind.Session, groupId, memberId);

    public static TimerKey Join(string groupId) => new(TimerKind.Join, groupId);

    public static TimerKey Sync(string groupId) => new(TimerKind.Sync, groupId);
}
