using Xunit.MicrosoftTestingPlatform;

namespace Moldau.Fuzz;

/// <summary>The tests; <c>--minutes</c> and <c>--seconds</c>, which fuzz for so long; <c>--live MINUTES</c>, which attacks a node; and <c>--replay TARGET SEED</c>, which plays one input again.</summary>
internal static class Program
{
    private static Task<int> Main(string[] arguments) => arguments switch
    {
        ["--minutes", var minutes, .. var rest] => Task.FromResult(FuzzCommand.RunFor(TimeSpan.FromMinutes(Number(minutes)), rest, Console.Out)),
        ["--seconds", var seconds, .. var rest] => Task.FromResult(FuzzCommand.RunFor(TimeSpan.FromSeconds(Number(seconds)), rest, Console.Out)),
        ["--live", var minutes] => FuzzCommand.BesiegeAsync(TimeSpan.FromMinutes(Number(minutes)), Console.Out),
        ["--replay", var target, var seed] => Task.FromResult(FuzzCommand.Replay(target, ulong.Parse(seed, System.Globalization.CultureInfo.InvariantCulture), Console.Out)),
        _ => TestPlatformTestFramework.RunAsync(arguments, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
    };

    private static double Number(string text) => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
