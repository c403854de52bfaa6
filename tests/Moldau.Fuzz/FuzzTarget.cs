using Moldau.Simulated;

namespace Moldau.Fuzz;

/// <summary>Something that takes bytes from outside, and what must hold whatever they are. An execution follows from its random numbers alone.</summary>
internal abstract class FuzzTarget
{
    /// <summary>What it is called in reports and on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>Executions in a run of the tests: many where one takes microseconds.</summary>
    public abstract int ExecutionsInCi { get; }

    /// <summary>One input, made and fed. Whatever it throws is a finding.</summary>
    public abstract void Execute(SeededRandom random);
}

/// <summary>What must hold did not.</summary>
internal sealed class FuzzFindingException(string what) : Exception(what);
