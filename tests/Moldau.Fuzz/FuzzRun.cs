using Moldau.Simulated;

namespace Moldau.Fuzz;

/// <summary>Executes targets and describes what they find.</summary>
internal static class FuzzRun
{
    /// <summary>The random numbers of one execution: the same for the same target and seed, on every machine.</summary>
    public static SeededRandom RandomOf(FuzzTarget target, ulong seed)
    {
        ulong name = 14695981039346656037;
        foreach (char letter in target.Name) name = (name ^ letter) * 1099511628211;
        return new SeededRandom(name ^ (seed * 0x9E3779B97F4A7C15));
    }

    /// <summary>What is executed at this moment, for whoever wonders why it takes so long.</summary>
    public static (string Target, ulong Seed)? Current { get; private set; }

    /// <summary>Executes so many seeds in a row; stops at the first finding of the target.</summary>
    /// <returns>Executions.</returns>
    public static int Execute(FuzzTarget target, ulong firstSeed, int count, List<string> findings)
    {
        for (int i = 0; i < count; i++)
        {
            ulong seed = firstSeed + (ulong)i;
            Current = (target.Name, seed);
            try
            {
                target.Execute(RandomOf(target, seed));
            }
#pragma warning disable CA1031 // Any exception that gets here is the finding.
            catch (Exception escaped)
#pragma warning restore CA1031
            {
                findings.Add($"{target.Name}: {escaped}\n  again: dotnet run --project tests/Moldau.Fuzz -- --replay {target.Name} {seed}");
                return i + 1;
            }
        }

        return count;
    }
}
