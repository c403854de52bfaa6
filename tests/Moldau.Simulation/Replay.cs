using System.Globalization;
using Moldau.Simulated;
using Moldau.Simulation.Nodes;
using Moldau.Simulation.World;

namespace Moldau.Simulation;

/// <summary>Plays one seed of a scenario again, with its trace as lines.</summary>
internal static class Replay
{
    private static readonly SortedDictionary<string, Func<ulong, Action<string>, ulong>> Scenarios = new(StringComparer.Ordinal)
    {
        ["echo"] = EchoScenario.Play,
        ["node"] = NodeScenario.Play,
    };

    /// <summary>Exit code 0 when the scenario passes, 1 when the seed fails again, 2 for arguments that make no sense.</summary>
    public static int Run(string[] arguments, TextWriter output)
    {
        string scenario = arguments.Length > 1 ? arguments[1] : "node";
        if (arguments.Length is 0 or > 2
            || !ulong.TryParse(arguments[0], CultureInfo.InvariantCulture, out ulong seed)
            || !Scenarios.TryGetValue(scenario, out Func<ulong, Action<string>, ulong>? play))
        {
            output.WriteLine($"usage: replay SEED [SCENARIO]   scenarios: {string.Join(", ", Scenarios.Keys)}");
            return 2;
        }

        try
        {
            output.WriteLine($"trace hash {play(seed, output.WriteLine):x16}");
            return 0;
        }
        catch (SimulationException found)
        {
            output.WriteLine(found);
            return 1;
        }
    }
}
