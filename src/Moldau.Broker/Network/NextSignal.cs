using System.Threading.Tasks.Sources;

namespace Moldau.Broker.Network;

/// <summary>
/// "The connection may begin its next request": set once per request by its handler or by its completion, awaited by the read loop, without allocation.
/// The read loop goes on from the scheduler, never on the setter's stack: a chain of pipelined requests would recurse.
/// </summary>
internal sealed class NextSignal : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> source = new() { RunContinuationsAsynchronously = true };
    private int isSet;

    public bool IsSet => Volatile.Read(ref isSet) != 0;

    public void Reset()
    {
        source.Reset();
        Volatile.Write(ref isSet, 0);
    }

    public void Set()
    {
        if (Interlocked.Exchange(ref isSet, 1) == 0) source.SetResult(true);
    }

    public ValueTask WaitAsync() => new(this, source.Version);

    void IValueTaskSource.GetResult(short token) => source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        source.OnCompleted(continuation, state, token, flags);
}
