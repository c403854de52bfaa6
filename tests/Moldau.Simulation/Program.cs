using Xunit.MicrosoftTestingPlatform;

namespace Moldau.Simulation;

/// <summary>The tests, and <c>replay SEED [SCENARIO]</c>, which plays one seed again and prints what happens.</summary>
internal static class Program
{
    private static Task<int> Main(string[] arguments) => arguments is ["replay", ..]
        ? Task.FromResult(Replay.Run(arguments[1..], Console.Out))
        : TestPlatformTestFramework.RunAsync(arguments, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
}
