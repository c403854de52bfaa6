namespace Moldau.Coordinators;

/// <summary>The bounds of this project, each with its reason.</summary>
internal static class Limits
{
    /// <summary>
    /// Members of one group that were given an id and have not come back with it (KIP-394). Each costs a timer of up to
    /// group.max.session.timeout.ms, so a client that never comes back may not make them without end.
    /// </summary>
    public const int PendingMembersPerGroup = 10_000;

    /// <summary>Cancelled timers that may wait in the heap beyond twice the set ones before it is rebuilt.</summary>
    public const int StaleTimers = 64;
}
