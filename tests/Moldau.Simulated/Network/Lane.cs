using Moldau.Protocol;

namespace Moldau.Simulated.Network;

/// <summary>
/// One direction of a connection: packets in flight, then bytes that wait for the receiver. The sender waits while both together fill the
/// window. Packets never overtake each other: an arrival takes the first one in flight, whichever was scheduled.
/// </summary>
internal sealed class Lane(SimulatedWorld world, Link link)
{
    private static readonly byte[] End = [];

    private readonly Queue<byte[]> inFlight = new();
    private readonly Queue<byte[]> arrived = new();
    private int consumedOfFirst;
    private int held; // bytes in flight and arrived
    private bool ended;
    private bool discarding;
    private IOException? senderFailure;
    private IOException? receiverFailure;
    private TaskCompletionSource? readable;
    private TaskCompletionSource? writable;

    /// <summary>Called when bytes reach a receiver that has closed.</summary>
    public Action? Unwanted { get; set; }

    /// <summary>Bytes the sender may add now.</summary>
    public int Window => Math.Max(0, world.Weather.WindowBytes - held);

    public bool HasUnread => arrived.Count > 0;

    public void Send(byte[] packet)
    {
        held += packet.Length;
        Launch(packet);
    }

    /// <summary>Closes the direction, after what is in flight.</summary>
    public void SendEnd() => Launch(End);

    public Task WaitWritableAsync(CancellationToken cancellation) => WaitAsync(ref writable, Window > 0, senderFailure, cancellation);

    public Task WaitReadableAsync(CancellationToken cancellation) => WaitAsync(ref readable, HasUnread || ended || discarding, receiverFailure, cancellation);

    /// <summary>Takes what has arrived, up to the target's length; 0 at the end.</summary>
    public int Take(Span<byte> target)
    {
        int total = 0;
        while (target.Length > 0 && arrived.TryPeek(out byte[]? packet))
        {
            int count = Math.Min(packet.Length - consumedOfFirst, target.Length);
            packet.AsSpan(consumedOfFirst, count).CopyTo(target);
            target = target[count..];
            total += count;
            consumedOfFirst += count;
            if (consumedOfFirst < packet.Length) break;
            consumedOfFirst = 0;
            arrived.Dequeue();
        }

        held -= total;
        if (total > 0 && Window > 0) Wake(ref writable);
        return total;
    }

    /// <summary>The receiver has closed: nothing is kept any more.</summary>
    public void Discard()
    {
        discarding = true;
        arrived.Clear();
        Wake(ref readable);
    }

    /// <summary>Keeps only the first packets in flight, as a machine leaves them that stops in the middle.</summary>
    public void LoseInFlight(int kept)
    {
        byte[][] left = [.. inFlight.Take(kept)];
        inFlight.Clear();
        foreach (byte[] packet in left) inFlight.Enqueue(packet);
    }

    public int InFlight => inFlight.Count;

    /// <summary>The sender's side has failed: what is in flight is lost.</summary>
    public void FailSender(IOException reason)
    {
        senderFailure ??= reason;
        inFlight.Clear();
        Wake(ref writable);
    }

    /// <summary>The receiver's side has failed: what has arrived is lost, and so is what comes.</summary>
    public void FailReceiver(IOException reason)
    {
        receiverFailure ??= reason;
        arrived.Clear();
        Wake(ref readable);
    }

    private void Launch(byte[] packet)
    {
        inFlight.Enqueue(packet);
        link.Carry(packet.Length, Arrive);
    }

    private void Arrive()
    {
        if (!inFlight.TryDequeue(out byte[]? packet)) return;
        world.Trace.Add(TraceEvent.Arrival, link.From.Index, link.To.Index, WorldTrace.Digest(packet));
        world.Trace.Lines?.Invoke($"net {link.From.Name} -> {link.To.Name}: {packet.Length} bytes");
        if (packet.Length == 0)
        {
            ended = true;
        }
        else if (discarding)
        {
            Unwanted?.Invoke();
        }
        else if (receiverFailure is null)
        {
            arrived.Enqueue(packet);
        }

        Wake(ref readable);
    }

    private static Task WaitAsync(ref TaskCompletionSource? waiter, bool ready, IOException? failure, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (failure is not null) throw new IOException(failure.Message, failure);
        if (ready) return Task.CompletedTask;
        Invariant.That(waiter is null or { Task.IsCompleted: true }); // one receive and one send at a time
        waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return Cancellable(waiter, cancellation);
    }

    private static async Task Cancellable(TaskCompletionSource waiter, CancellationToken cancellation)
    {
        using CancellationTokenRegistration registration = cancellation.Register(() => waiter.TrySetCanceled(cancellation));
        await waiter.Task;
    }

    private static void Wake(ref TaskCompletionSource? waiter)
    {
        waiter?.TrySetResult();
        waiter = null;
    }
}
