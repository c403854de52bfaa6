using Moldau.Protocol.Transport;
using Moldau.Simulated.Network;
using Moldau.Storage.Files;

namespace Moldau.Simulated;

/// <summary>
/// One life of a program on a host: what a node or client is given to run on. Once it has ended, none of its continuations, timers and
/// connections ever does anything again.
/// </summary>
public sealed class SimulatedProcess
{
    private readonly TaskCompletionSource ended = new();

    internal SimulatedProcess(SimulatedWorld world, SimulatedHost host)
    {
        World = world;
        Host = host;
        Context = new ProcessContext(this);
        Random = world.Random.Fork();
        Time = new SimulatedTime(this);
        Scheduler = new SimulatedScheduler(this);
        Transport = new SimulatedTransport(this);
    }

    /// <summary>Where it runs.</summary>
    public SimulatedHost Host { get; }

    /// <summary>Its scheduler.</summary>
    public SimulatedScheduler Scheduler { get; }

    /// <summary>Its network.</summary>
    public ITransport Transport { get; }

    /// <summary>The host's disk.</summary>
    public IFileSystem Files => Host.Disk;

    /// <summary>For what the program itself draws.</summary>
    public SeededRandom Random { get; }

    /// <summary>Completes when it has been killed or lost its power.</summary>
    public Task Ended => ended.Task;

    internal SimulatedWorld World { get; }

    internal SynchronizationContext Context { get; }

    internal SimulatedTime Time { get; }

    internal bool HasEnded { get; private set; }

    /// <summary>Puts something that the program did into the trace.</summary>
    public void Note(string what) => World.Note(TraceEvent.Note, $"{Host.Name} {what}");

    /// <summary>Unwinds code that still runs in a process that has ended under it.</summary>
    internal void CheckAlive()
    {
        if (HasEnded) throw new PowerCutException($"the process on {Host.Name} has ended");
    }

    internal void End()
    {
        HasEnded = true;
        World.After(TimeSpan.Zero, null, () => ended.TrySetResult()); // not on the stack of whoever ended it
    }

    /// <summary>Carries everything that is awaited in the process back to the world's list.</summary>
    private sealed class ProcessContext(SimulatedProcess process) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => process.World.Post(process, d, state);

        public override void Send(SendOrPostCallback d, object? state) =>
            throw new NotSupportedException("a process of the simulated world never blocks on another");

        public override SynchronizationContext CreateCopy() => this;
    }
}
