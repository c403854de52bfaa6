namespace Moldau.Protocol.Transport;

/// <summary>
/// A few threads of its own for work that blocks on a device, so that a slow fsync never holds a thread-pool thread that timers and
/// network completions need. Threads start when work waits and none is idle, and end after ten seconds without work. Thread-safe.
/// </summary>
internal sealed class BlockingThreads
{
    private const int IdleMs = 10_000;

    private readonly object gate = new();
    private readonly Queue<Piece> queue = new();
    private int threads;
    private int idle;

    /// <summary>Queues work; the task completes on the thread pool.</summary>
    public Task Run(Action work)
    {
        Piece piece = new(work);
        lock (gate)
        {
            Invariant.That(queue.Count < Limits.BlockingQueue);
            queue.Enqueue(piece);
            if (idle >= queue.Count || threads == Limits.BlockingThreads)
            {
                Monitor.Pulse(gate);
                return piece.Done.Task;
            }

            threads++;
        }

        new Thread(Work) { IsBackground = true, Name = "moldau-blocking" }.UnsafeStart();
        return piece.Done.Task;
    }

    private void Work()
    {
        while (Take() is { } piece)
        {
            try
            {
                piece.Work();
                piece.Done.SetResult();
            }
            catch (Exception failure)
            {
                // Whatever it is, it belongs to the caller, who awaits it.
                piece.Done.SetException(failure);
            }
        }
    }

    private Piece? Take()
    {
        lock (gate)
        {
            while (true)
            {
                if (queue.TryDequeue(out Piece? piece)) return piece;
                idle++;
                bool woken = Monitor.Wait(gate, IdleMs);
                idle--;
                if (woken || queue.Count > 0) continue;
                threads--;
                return null;
            }
        }
    }

    private sealed record Piece(Action Work)
    {
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
