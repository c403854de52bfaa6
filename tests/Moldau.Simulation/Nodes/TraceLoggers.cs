using Microsoft.Extensions.Logging;
using Moldau.Simulated;

namespace Moldau.Simulation.Nodes;

/// <summary>Puts what a node logs between the lines of the trace. It does not go into the hash.</summary>
internal sealed class TraceLoggers(SimulatedWorld world, SimulatedHost host) : ILoggerFactory, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public void Dispose()
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        world.Trace.Lines?.Invoke($"{TimeSpan.FromTicks(world.NowTicks):c} {host.Name} says {logLevel}: {formatter(state, exception)}{(exception is null ? "" : $" ({exception.GetType().Name}: {exception.Message})")}");
}
