using System.Net;
using Moldau.Protocol;
using Moldau.Protocol.Transport;

namespace Moldau.Simulated.Network;

/// <summary>One side of a connection between two processes.</summary>
internal sealed class SimulatedConnection(SimulatedNetwork network, SimulatedProcess owner, Lane outgoing, Lane incoming, EndPoint local, EndPoint remote) : IConnection
{
    private IOException? failure;
    private bool closed;

    public EndPoint Remote => remote;

    public EndPoint Local => local;

    public SimulatedProcess Owner => owner;

    public Lane Outgoing => outgoing;

    public Lane Incoming => incoming;

    public SimulatedConnection Peer { get; set; } = null!;

    public bool IsDone => closed || failure is not null;

    public async ValueTask WaitReadableAsync(CancellationToken cancellation)
    {
        Check();
        await incoming.WaitReadableAsync(cancellation);
        Check();
    }

    public async ValueTask<int> ReceiveAsync(Memory<byte> target, CancellationToken cancellation)
    {
        Invariant.That(target.Length > 0);
        await WaitReadableAsync(cancellation);
        return incoming.Take(target.Span);
    }

    public async ValueTask SendAsync(IReadOnlyList<WireSegment> segments, CancellationToken cancellation)
    {
        Check();
        try
        {
            SegmentReader reader = new(segments);
            while (reader.Remaining > 0)
            {
                while (outgoing.Window == 0) await outgoing.WaitWritableAsync(cancellation);
                Check();
                byte[] packet = new byte[(int)Math.Min(reader.Remaining, Math.Min(outgoing.Window, network.World.Weather.PacketBytes()))];
                reader.Fill(packet);
                outgoing.Send(packet);
            }
        }
        catch (Exception)
        {
            // Part of a frame may be under way: the stream is of no more use.
            Abort();
            throw;
        }
    }

    public void Abort()
    {
        if (!owner.HasEnded) network.Abort(this, "aborted by this side");
    }

    public ValueTask DisposeAsync()
    {
        if (!owner.HasEnded) network.Close(this);
        return default;
    }

    /// <summary>Ends this side with an error.</summary>
    public void Fail(string reason)
    {
        if (IsDone) return;
        failure = new IOException(reason);
        incoming.FailReceiver(failure);
        outgoing.FailSender(failure);
    }

    /// <summary>Ends this side in order: what is in flight still arrives, then the other side reads the end.</summary>
    public void Finish()
    {
        if (IsDone) return;
        closed = true;
        incoming.Discard();
        outgoing.SendEnd();
    }

    private void Check()
    {
        owner.CheckAlive();
        if (failure is not null) throw new IOException(failure.Message, failure);
        if (closed) throw new IOException("the connection is closed");
    }
}
