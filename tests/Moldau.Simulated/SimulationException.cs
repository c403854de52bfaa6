namespace Moldau.Simulated;

/// <summary>A simulation found something: the message names the seed, the inner exception says what.</summary>
public sealed class SimulationException(ulong seed, string message, Exception? inner = null)
    : Exception($"seed {seed}: {message}", inner)
{
    /// <summary>The world's seed.</summary>
    public ulong Seed { get; } = seed;
}

/// <summary>
/// The power went out under the code that gets this: it unwinds what ran at that moment. Not an <see cref="IOException"/>, so that no
/// handling of disk failures catches it.
/// </summary>
public sealed class PowerCutException(string message) : Exception(message);
