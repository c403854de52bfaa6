namespace Moldau.Crash;

/// <summary>What went wrong, in words. Any thread may add.</summary>
internal sealed class Violations
{
    private readonly Lock _lock = new();
    private readonly List<string> _kept = [];

    public int Count { get; private set; }

    public IReadOnlyList<string> Kept
    {
        get { lock (_lock) return [.. _kept]; }
    }

    public void Add(string violation)
    {
        lock (_lock)
        {
            Count++;
            if (_kept.Count < Limits.ViolationsMax) _kept.Add(violation);
        }
    }
}
