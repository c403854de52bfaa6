using System.Collections.Concurrent;

namespace Moldau.Simulation;

/// <summary>Plays many seeds, on every processor: worlds share nothing.</summary>
internal static class Seeds
{
    /// <summary>Plays them all. Returns those that fail, by seed.</summary>
    public static SortedDictionary<ulong, Exception> PlayAll(ulong first, int count, Action<ulong> play)
    {
        ConcurrentDictionary<ulong, Exception> failures = new();
        Parallel.For(0, count, index => Play(first + (ulong)index, play, failures));
        return new(failures);
    }

    /// <summary>Plays seeds until one fails, and returns it; null when none does.</summary>
    public static (ulong Seed, Exception Failure)? PlayUntilFailure(ulong first, int count, Action<ulong> play)
    {
        ConcurrentDictionary<ulong, Exception> failures = new();
        Parallel.For(0, count, (index, loop) =>
        {
            Play(first + (ulong)index, play, failures);
            if (!failures.IsEmpty) loop.Break();
        });
        return failures.IsEmpty ? null : failures.Select(static each => (each.Key, each.Value)).MinBy(static each => each.Key);
    }

    private static void Play(ulong seed, Action<ulong> play, ConcurrentDictionary<ulong, Exception> failures)
    {
        try
        {
            play(seed);
        }
        catch (Exception failure)
        {
            // Whatever it is, it is this seed's outcome.
            failures[seed] = failure;
        }
    }
}
