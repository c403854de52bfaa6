using Xunit.MicrosoftTestingPlatform;

namespace Moldau.Simulation;

/// <summary>The tests; <c>replay</c>, which plays one seed again and prints what happens; and <c>explore</c>, which plays many.</summary>
internal static class Program
{
    private static Task<int> Main(string[] arguments) => arguments switch
    {
        ["replay", ..] => Task.FromResult(Replay.Run(arguments[1..], Console.Out)),
        ["explore", ..] => Task.FromResult(Replay.Explore(arguments[1..], Console.Out)),
        _ => TestPlatformTestFramework.RunAsync(arguments, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
    };
}
