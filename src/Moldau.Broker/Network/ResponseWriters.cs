using Moldau.Protocol;

namespace Moldau.Broker.Network;

/// <summary>Writers for responses, shared by all connections: an idle connection holds none. Last in, first out.</summary>
internal sealed class ResponseWriters
{
    private readonly Lock gate = new();
    private readonly Stack<WireWriter> idle = new();

    public WireWriter Rent()
    {
        lock (gate)
        {
            if (idle.TryPop(out WireWriter? writer)) return writer;
        }

        return new WireWriter();
    }

    public void Return(WireWriter writer)
    {
        writer.Reset();
        lock (gate)
        {
            if (idle.Count < Limits.IdleWriters)
            {
                idle.Push(writer);
                return;
            }
        }

        writer.Dispose();
    }
}
