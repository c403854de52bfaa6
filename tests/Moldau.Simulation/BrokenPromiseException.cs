namespace Moldau.Simulation;

/// <summary>The node did what it must never do. The message says what was promised and what happened.</summary>
internal sealed class BrokenPromiseException(string message, Exception? inner = null) : Exception(message, inner);
