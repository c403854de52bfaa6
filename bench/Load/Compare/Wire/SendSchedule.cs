namespace Moldau.Load.Compare.Wire;

/// <summary>
/// When the requests of one connection are meant to be sent, in ticks of the stopwatch. A request that is late is still counted from the time it was meant
/// for: a broker that stalls pays for everyone it kept waiting, and not only for the one it was asked by.
/// </summary>
internal readonly record struct SendSchedule(long First, long Interval)
{
    /// <summary>Send whenever the window has room.</summary>
    public static SendSchedule Saturating => default;

    public bool IsSaturating => Interval == 0;

    public long DueOf(long request) => First + (request * Interval);

    /// <summary>Spreads a rate over connections, so that they take turns.</summary>
    /// <param name="start">When the first connection sends first.</param>
    /// <param name="perSecond">Requests of all connections together.</param>
    /// <param name="frequency">Ticks a second.</param>
    /// <param name="connection">Which of them.</param>
    /// <param name="connections">How many there are.</param>
    public static SendSchedule Share(long start, double perSecond, long frequency, int connection, int connections)
    {
        long between = (long)(frequency / perSecond);
        return new SendSchedule(start + (between * connection), between * connections);
    }
}
