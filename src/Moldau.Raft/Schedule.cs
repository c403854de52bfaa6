namespace Moldau.Raft;

/// <summary>Collects, over one pass of the duties, when the next pass is due.</summary>
internal sealed class Schedule
{
    /// <summary>When; <see cref="long.MaxValue"/>: only when something comes in.</summary>
    public long NextMs { get; private set; } = long.MaxValue;

    public void NoLaterThan(long ms) => NextMs = Math.Min(NextMs, ms);

    public void Clear() => NextMs = long.MaxValue;
}
