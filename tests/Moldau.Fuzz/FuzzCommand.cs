using System.Diagnostics;
using Moldau.Fuzz.Live;

namespace Moldau.Fuzz;

/// <summary>Fuzzing by hand: for a time, over all targets or those whose name holds a word; and one input again.</summary>
internal static class FuzzCommand
{
    private const int RoundExecutions = 50;
    private const int FindingsMax = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Rounds over the targets until the time is over. Each run begins elsewhere; what it finds is told with the seed that shows it again.</summary>
    public static int RunFor(TimeSpan time, string[] words, TextWriter output)
    {
        FuzzTarget[] targets = [.. FuzzTargets.All().Where(target => words.Length == 0 || words.Any(word => target.Name.Contains(word, StringComparison.OrdinalIgnoreCase)))];
        if (targets.Length == 0)
        {
            output.WriteLine($"no target is called {string.Join(' ', words)}");
            return 2;
        }

        using Timer watch = Watch(output);
        ulong first = (ulong)Stopwatch.GetTimestamp();
        long began = Stopwatch.GetTimestamp(), executions = 0;
        var findings = new List<string>();
        for (ulong round = 0; Stopwatch.GetElapsedTime(began) < time && findings.Count < FindingsMax; round++)
        {
            foreach (FuzzTarget target in targets)
            {
                if (Stopwatch.GetElapsedTime(began) >= time || findings.Count >= FindingsMax) break;
                executions += FuzzRun.Execute(target, first + (round * RoundExecutions), Math.Min(RoundExecutions, target.ExecutionsInCi), findings);
            }
        }

        foreach (string finding in findings) output.WriteLine(finding);
        output.WriteLine($"{targets.Length} targets, {executions} executions, {findings.Count} findings");
        return findings.Count == 0 ? 0 : 1;
    }

    // Tells what does not end: a loop is a finding that nothing throws.
    private static Timer Watch(TextWriter output)
    {
        (string, ulong)? last = null;
        return new Timer(
            _ =>
            {
                (string Target, ulong Seed)? now = FuzzRun.Current;
                if (now is { } same && same == last) output.WriteLine($"still at {same.Target} {same.Seed}");
                last = now;
            },
            null, Patience, Patience);
    }

    /// <summary>An attack on a live node.</summary>
    public static async Task<int> BesiegeAsync(TimeSpan time, TextWriter output)
    {
        List<string> wrong = await Siege.RunAsync(time, (ulong)Stopwatch.GetTimestamp(), output.WriteLine, CancellationToken.None);
        foreach (string line in wrong) output.WriteLine(line);
        return wrong.Count == 0 ? 0 : 1;
    }

    /// <summary>One execution once more, outside of any net, so that a debugger stops where it breaks.</summary>
    public static int Replay(string name, ulong seed, TextWriter output)
    {
        if (FuzzTargets.All().FirstOrDefault(target => target.Name == name) is not { } found)
        {
            output.WriteLine($"no target is called {name}");
            return 2;
        }

        found.Execute(FuzzRun.RandomOf(found, seed));
        output.WriteLine($"{name} {seed}: nothing found");
        return 0;
    }
}
