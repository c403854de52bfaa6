using System.Net;
using Moldau.Protocol;
using Moldau.Simulated.Disk;

namespace Moldau.Simulated;

/// <summary>A machine: it has a name, an address, a disk and a clock, which outlive the process that runs on it.</summary>
public sealed class SimulatedHost
{
    private readonly SimulatedWorld world;

    internal SimulatedHost(SimulatedWorld world, int index, string name)
    {
        this.world = world;
        Index = index;
        Name = name;
        Address = new IPAddress([10, 0, (byte)(index / 250), (byte)(1 + (index % 250))]);
        Disk = new SimulatedDisk(world.Random.Next(), new WallClock(this), world.Trace);
        Disk.PowerLost += LosePower;
    }

    /// <summary>What other hosts connect to.</summary>
    public string Name { get; }

    /// <summary>The address behind the name.</summary>
    public IPAddress Address { get; }

    /// <summary>The machine's disk.</summary>
    public SimulatedDisk Disk { get; }

    /// <summary>The process that runs; null: none does.</summary>
    public SimulatedProcess? Process { get; private set; }

    /// <summary>Whether the machine, if not its process, answers on the network.</summary>
    public bool HasPower { get; private set; } = true;

    /// <summary>How far the wall clock is off.</summary>
    public TimeSpan ClockOffset { get; private set; }

    internal int Index { get; }

    internal DateTimeOffset Now => SimulatedWorld.Epoch.AddTicks(world.NowTicks) + ClockOffset;

    /// <summary>Turns the machine on, if it is off, and starts a process. None may be running.</summary>
    public SimulatedProcess Start()
    {
        Invariant.That(Process is null);
        if (!HasPower) Disk.PowerCut();
        HasPower = true;
        world.Note(TraceEvent.Fault, $"{Name} starts");
        return Process = new SimulatedProcess(world, this);
    }

    /// <summary>Ends the process as kill -9 does: the page cache stays, the system closes its connections. Nothing if none runs.</summary>
    public void Kill()
    {
        if (Process is null) return;
        Invariant.That(SynchronizationContext.Current != Process.Context); // it would run on
        world.Note(TraceEvent.Fault, $"{Name} is killed");
        EndProcess(powerCut: false);
        Disk.Kill();
    }

    /// <summary>Turns the machine off: what was not flushed may be lost, and its connections go silent. Nothing if it is off.</summary>
    public void PowerCut()
    {
        if (!HasPower) return;
        LosePower();
        Disk.TurnOff();
    }

    /// <summary>Moves the wall clock; timers, which are monotonic, do not notice.</summary>
    public void MoveClock(TimeSpan by)
    {
        ClockOffset += by;
        world.Note(TraceEvent.Fault, $"{Name}'s clock moves by {by}");
    }

    private void LosePower()
    {
        world.Note(TraceEvent.Fault, $"{Name} loses power");
        HasPower = false;
        EndProcess(powerCut: true);
    }

    private void EndProcess(bool powerCut)
    {
        if (Process is not { } process) return;
        Process = null;
        process.End();
        world.Network.Drop(process, powerCut);
    }

    private sealed class WallClock(SimulatedHost host) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => host.Now;
    }
}
