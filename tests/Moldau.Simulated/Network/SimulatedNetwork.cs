using System.Net;
using Moldau.Protocol.Transport;

namespace Moldau.Simulated.Network;

/// <summary>
/// The network of a world: who reaches whom, how fast, and what is cut. Hosts are reached by name or address; a host reaches itself as
/// localhost too. Bytes of a connection arrive in order; how they are split, and when, the seed decides.
/// </summary>
public sealed class SimulatedNetwork
{
    private readonly SortedDictionary<(int From, int To), Link> links = [];
    private readonly SortedDictionary<(int Host, int Port), SimulatedListener> listeners = [];
    private readonly List<SimulatedConnection> connections = [];
    private readonly SeededRandom random;
    private int ports;

    internal SimulatedNetwork(SimulatedWorld world)
    {
        World = world;
        random = world.Random.Fork();
    }

    /// <summary>Sides of connections that are open.</summary>
    public int OpenSides => connections.Count;

    internal SimulatedWorld World { get; }

    /// <summary>Lets nothing arrive from one host at the other until <see cref="Unblock"/>; the other way is left as it is.</summary>
    public void Block(SimulatedHost from, SimulatedHost to) => SetBlocked(from, to, true);

    /// <summary>Lets arrive what waited, and what comes.</summary>
    public void Unblock(SimulatedHost from, SimulatedHost to) => SetBlocked(from, to, false);

    /// <summary>Unblocks everything and takes away extra latency.</summary>
    public void Heal()
    {
        foreach (Link link in links.Values.ToArray())
        {
            if (link.Blocked) SetBlocked(link.From, link.To, false);
            link.ExtraLatency = TimeSpan.Zero;
        }
    }

    /// <summary>Makes the way from one host to another slower.</summary>
    public void Slow(SimulatedHost from, SimulatedHost to, TimeSpan extraLatency)
    {
        World.Note(TraceEvent.Fault, $"{from.Name} to {to.Name} takes {extraLatency} longer");
        LinkOf(from, to).ExtraLatency = extraLatency;
    }

    /// <summary>Cuts one of the open connections that touch the host, or any; what was in flight is lost. False when there is none.</summary>
    public bool CutOne(SimulatedHost? touching = null)
    {
        SimulatedConnection[] open = [.. connections.Where(c => touching is null || c.Owner.Host == touching)];
        if (open.Length == 0) return false;
        SimulatedConnection cut = random.Pick(open);
        World.Note(TraceEvent.Connection, $"{cut.Local} to {cut.Remote} is cut");
        FailLater(cut.Peer, "the connection was reset");
        Remove(cut, "the connection was reset");
        return true;
    }

    internal async ValueTask<IConnection> ConnectAsync(SimulatedProcess from, string host, int port, CancellationToken cancellation)
    {
        from.CheckAlive();
        cancellation.ThrowIfCancellationRequested();
        SimulatedHost to = Resolve(from.Host, host) ?? throw new IOException($"unknown host {host}");
        TaskCompletionSource<SimulatedConnection> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        WorldEvent timeout = World.After(World.Weather.ConnectTimeout, from, () => done.TrySetException(new IOException($"{host}:{port} does not answer")));
        Link there = LinkOf(from.Host, to);
        there.Carry(0, () => Arrive(from, to, port, there, done));
        using CancellationTokenRegistration registration = cancellation.Register(() => done.TrySetCanceled(cancellation));
        try
        {
            return await done.Task;
        }
        finally
        {
            timeout.Cancelled = true;
        }
    }

    internal SimulatedListener Listen(SimulatedProcess owner, string host, int port)
    {
        owner.CheckAlive();
        IPAddress address = host switch
        {
            "" or "0.0.0.0" or "::" or "[::]" => IPAddress.Any,
            "localhost" or "127.0.0.1" => IPAddress.Loopback,
            _ => Resolve(owner.Host, host) == owner.Host ? owner.Host.Address : throw new IOException($"{host} is not an address of {owner.Host.Name}"),
        };
        if (port == 0)
        {
            do port = EphemeralPort();
            while (listeners.ContainsKey((owner.Host.Index, port)));
        }

        SimulatedListener listener = new(this, owner, new IPEndPoint(address, port));
        if (!listeners.TryAdd((owner.Host.Index, port), listener)) throw new IOException($"{host}:{port} is taken");
        return listener;
    }

    internal void Unbind(SimulatedListener listener)
    {
        (int, int) key = (listener.Owner.Host.Index, listener.Local.Port);
        if (listeners.TryGetValue(key, out SimulatedListener? bound) && bound == listener) listeners.Remove(key);
    }

    /// <summary>Ends one side at once; the other learns of it a little later.</summary>
    internal void Abort(SimulatedConnection side, string reason)
    {
        if (side.IsDone) return;
        Remove(side, reason);
        LinkOf(side.Owner.Host, side.Peer.Owner.Host).Carry(0, () => Remove(side.Peer, "the peer reset the connection"));
    }

    /// <summary>Closes one side in order.</summary>
    internal void Close(SimulatedConnection side)
    {
        if (side.IsDone) return;
        // A system answers with a reset when a process leaves bytes unread.
        if (side.Incoming.HasUnread)
        {
            Abort(side, "closed with unread bytes");
            return;
        }

        side.Finish();
        connections.Remove(side);
        side.Incoming.Unwanted = () => FailLater(side.Peer, "the peer has closed");
    }

    /// <summary>The process is gone. A killed one's system closes its connections; without power nobody says anything for a while.</summary>
    internal void Drop(SimulatedProcess process, bool powerCut)
    {
        foreach (SimulatedListener listener in listeners.Values.Where(l => l.Owner == process).ToArray()) listener.Dispose();
        foreach (SimulatedConnection side in connections.Where(c => c.Owner == process).ToArray())
        {
            if (!powerCut && random.Chance(500))
            {
                Close(side);
                continue;
            }

            side.Outgoing.LoseInFlight(powerCut ? random.Below(side.Outgoing.InFlight + 1) : 0);
            TimeSpan silence = powerCut ? random.Between(TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(5)) : TimeSpan.Zero;
            SimulatedConnection peer = side.Peer;
            connections.Remove(side);
            World.After(silence, null, () => FailLater(peer, "the peer reset the connection"));
        }
    }

    private void Arrive(SimulatedProcess from, SimulatedHost to, int port, Link there, TaskCompletionSource<SimulatedConnection> done)
    {
        if (!to.HasPower || from.HasEnded || done.Task.IsCompleted) return;
        Link back = LinkOf(to, from.Host);
        if (!listeners.TryGetValue((to.Index, port), out SimulatedListener? listener)
            || (listener.Local.Address.Equals(IPAddress.Loopback) && to != from.Host))
        {
            World.Note(TraceEvent.Connection, $"{from.Host.Name} is refused at {to.Name}:{port}");
            back.Carry(0, () => done.TrySetException(new IOException($"{to.Name}:{port} refused the connection")));
            return;
        }

        Lane forth = new(World, there);
        Lane home = new(World, back);
        IPEndPoint client = new(from.Host.Address, EphemeralPort());
        IPEndPoint server = new(to.Address, port);
        SimulatedConnection near = new(this, from, forth, home, client, server);
        SimulatedConnection far = new(this, listener.Owner, home, forth, server, client) { Peer = near };
        near.Peer = far;
        if (!listener.Offer(far)) return; // as a full backlog does: the caller tries until it gives up
        World.Note(TraceEvent.Connection, $"{client} is connected to {to.Name}:{port}");
        connections.Add(near);
        connections.Add(far);
        back.Carry(0, () =>
        {
            if (!done.TrySetResult(near)) near.Abort();
        });
    }

    private int EphemeralPort() => 32_768 + (ports++ % 32_000);

    private void Remove(SimulatedConnection side, string reason)
    {
        connections.Remove(side);
        side.Fail(reason);
    }

    private void FailLater(SimulatedConnection side, string reason) =>
        World.After(World.Weather.Latency(), null, () => Remove(side, reason));

    private void SetBlocked(SimulatedHost from, SimulatedHost to, bool blocked)
    {
        World.Note(TraceEvent.Fault, $"{from.Name} to {to.Name} is {(blocked ? "blocked" : "open")}");
        LinkOf(from, to).Blocked = blocked;
    }

    private Link LinkOf(SimulatedHost from, SimulatedHost to)
    {
        if (!links.TryGetValue((from.Index, to.Index), out Link? link)) links.Add((from.Index, to.Index), link = new Link(World, from, to));
        return link;
    }

    private SimulatedHost? Resolve(SimulatedHost from, string host)
    {
        if (host is "localhost" or "127.0.0.1" or "0.0.0.0") return from;
        foreach (SimulatedHost candidate in World.Hosts)
        {
            if (candidate.Name == host || candidate.Address.ToString() == host) return candidate;
        }

        return null;
    }
}
