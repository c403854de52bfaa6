using Moldau.Protocol;
using Moldau.Simulated.Network;

namespace Moldau.Simulated;

/// <summary>
/// Machines, their network, disks and clocks on one thread, from one seed. Whatever is ready to run waits in one list, and the seed picks what
/// goes next; when nothing is ready, time jumps to the next event. Every step costs a little time, so that nothing happens at once.
/// Two worlds share nothing: they may run side by side, each on its own thread.
/// </summary>
public sealed class SimulatedWorld : IDisposable
{
    private const long StepTicks = TimeSpan.TicksPerMicrosecond;

    private readonly List<Runnable> runnables = [];
    private readonly EventQueue events = new();
    private readonly List<SimulatedHost> hosts = [];
    private readonly SeededRandom picks;
    private readonly int disorder;
    private readonly int thread = Environment.CurrentManagedThreadId;
    private volatile Exception? failure;
    private bool disposed;

    /// <summary>A world of one machine, the <see cref="Driver"/>. To be used on the thread that makes it.</summary>
    public SimulatedWorld(ulong seed)
    {
        Seed = seed;
        Random = new SeededRandom(seed);
        picks = Random.Fork();
        disorder = Random.Pick([0, 100, 1000]); // some seeds run nearly in order, as a quiet machine does
        Weather = new WorldWeather(Random.Fork());
        Network = new SimulatedNetwork(this);
        Driver = AddHost("driver").Start();
    }

    /// <summary>What everything is drawn from.</summary>
    public ulong Seed { get; }

    /// <summary>For the test's own choices.</summary>
    public SeededRandom Random { get; }

    /// <summary>How fast network and disks are.</summary>
    public WorldWeather Weather { get; }

    /// <summary>The network between the hosts.</summary>
    public SimulatedNetwork Network { get; }

    /// <summary>The process that scenarios run in.</summary>
    public SimulatedProcess Driver { get; }

    /// <summary>What happened.</summary>
    public WorldTrace Trace { get; } = new();

    /// <summary>Virtual time since the world began, in ticks.</summary>
    public long NowTicks { get; private set; }

    /// <summary>Steps so far.</summary>
    public long Steps { get; private set; }

    internal static DateTimeOffset Epoch { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    internal IReadOnlyList<SimulatedHost> Hosts => hosts;

    /// <summary>Adds a machine, switched off.</summary>
    public SimulatedHost AddHost(string name)
    {
        SimulatedHost host = new(this, hosts.Count, name);
        hosts.Add(host);
        return host;
    }

    /// <summary>
    /// Runs until the scenario returns. <see cref="SimulationException"/> when it throws, when an exception escapes a loop of a live process,
    /// when nothing can happen any more, or when <paramref name="limit"/> of virtual time (ten minutes unless given) has passed.
    /// </summary>
    public void Run(Func<Task> scenario, TimeSpan? limit = null)
    {
        Task done = Driver.Scheduler.Run(scenario);
        RunUntil(() => done.IsCompleted, limit);
        if (done.Exception?.InnerException is { } thrown) throw new SimulationException(Seed, thrown.Message, thrown);
        done.GetAwaiter().GetResult();
    }

    /// <summary>Runs until the condition holds, or fails as <see cref="Run"/> does.</summary>
    public void RunUntil(Func<bool> done, TimeSpan? limit = null)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        Invariant.That(Environment.CurrentManagedThreadId == thread);
        long end = NowTicks + (limit ?? TimeSpan.FromMinutes(10)).Ticks;
        long last = Steps + Limits.StepsMax;
        SynchronizationContext? outer = SynchronizationContext.Current;
        try
        {
            while (!done())
            {
                if (!Step()) throw new SimulationException(Seed, $"stuck at {Clock}: nothing is ready and no timer is set");
                if (failure is { } found) throw new SimulationException(Seed, found.Message, found);
                if (NowTicks > end) throw new SimulationException(Seed, $"not done by {Clock}");
                if (Steps > last) throw new SimulationException(Seed, $"no end after {Limits.StepsMax} steps, at {Clock}");
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    /// <summary>Ends every process; what they still had to do never happens.</summary>
    public void Dispose()
    {
        disposed = true;
        foreach (SimulatedHost host in hosts) host.Process?.End();
    }

    /// <summary>Lets something happen later on, on a process's behalf or the world's own.</summary>
    internal WorldEvent After(TimeSpan delay, SimulatedProcess? owner, Action work)
    {
        WorldEvent item = new(owner, work);
        events.Add(NowTicks + Math.Max(0, delay.Ticks), item);
        return item;
    }

    /// <summary>Makes a continuation ready.</summary>
    internal void Post(SimulatedProcess owner, SendOrPostCallback callback, object? state)
    {
        if (Environment.CurrentManagedThreadId != thread)
        {
            // Nothing of the world may be touched here. Code that gets here breaks the rule that a seed replays.
            failure ??= new InvalidOperationException($"a continuation of {owner.Host.Name} came from another thread: it has left the scheduler{Environment.NewLine}{Environment.StackTrace}");
            return;
        }

        if (owner.HasEnded) return;
        Invariant.That(runnables.Count < Limits.RunnablesMax);
        runnables.Add(new Runnable(owner, callback, state));
    }

    /// <summary>An exception left a loop: a finding, unless its process was dead already.</summary>
    internal void Report(SimulatedProcess owner, string loop, Exception exception)
    {
        if (owner.HasEnded) return;
        failure ??= new InvalidOperationException($"{exception.GetType().Name} escaped {loop} on {owner.Host.Name}: {exception.Message}", exception);
    }

    internal void Note(TraceEvent kind, string what)
    {
        Trace.Add(kind, NowTicks, 0, WorldTrace.Digest(what));
        Trace.Lines?.Invoke($"{Clock} {what}");
    }

    private string Clock => $"+{TimeSpan.FromTicks(NowTicks):c}";

    private bool Step()
    {
        if (runnables.Count == 0)
        {
            if (events.NextTicks() is not { } next) return false;
            NowTicks = Math.Max(NowTicks, next);
        }

        while (events.TakeDue(NowTicks) is { } due) runnables.Add(new Runnable(due.Owner, RunEvent, due));
        int index = runnables.Count > 1 && picks.Chance(disorder) ? picks.Below(runnables.Count) : 0;
        Runnable picked = runnables[index];
        runnables.RemoveAt(index);
        if (picked.Owner is { HasEnded: true }) return true;
        Steps++;
        Trace.Add(TraceEvent.Pick, index, runnables.Count, (ulong)(picked.Owner?.Host.Index ?? -1));
        SynchronizationContext.SetSynchronizationContext(picked.Owner?.Context);
        try
        {
            picked.Callback(picked.State);
        }
        catch (Exception escaped) when (picked.Owner is not null)
        {
            Report(picked.Owner, "a callback", escaped);
        }

        NowTicks += StepTicks;
        return true;
    }

    private static void RunEvent(object? state)
    {
        WorldEvent item = (WorldEvent)state!;
        if (item.IsLive) item.Work();
    }

    private readonly record struct Runnable(SimulatedProcess? Owner, SendOrPostCallback Callback, object? State);
}
