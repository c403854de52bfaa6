using Moldau.Crash.Ledgers;

namespace Moldau.Crash.Clients;

/// <summary>A producer with acks=all that goes on through every crash of the node, and tells each acknowledgement to the ledger of its partition.</summary>
internal abstract class CrashClient(string name, Ledger[] ledgers) : IAsyncDisposable
{
    public string Name { get; } = name;

    public string Topic { get; } = ledgers[0].Topic;

    public Ledger[] Ledgers { get; } = ledgers;

    public long Acknowledged => Ledgers.Sum(ledger => ledger.Acknowledged);

    public abstract bool IsIdempotent { get; }

    /// <summary>Produces until it is stopped.</summary>
    public abstract void Start();

    /// <summary>Produces nothing more and waits for the acknowledgements that are still due.</summary>
    public abstract Task StopAsync(CancellationToken token);

    public abstract ValueTask DisposeAsync();

    /// <summary>True while too many acknowledgements wait to be judged.</summary>
    protected bool IsHeldBack => Ledgers.Any(ledger => ledger.PendingCount > Limits.PendingMax);
}
