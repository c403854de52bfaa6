namespace Moldau.Protocol.Transport;

/// <summary>
/// Where shells run (design, D3). Production: the thread pool. Simulation: one single-threaded context that picks the next continuation,
/// message, disk completion and timer by seed. Shells start loops and wait for time only through it.
/// </summary>
public interface IScheduler
{
    /// <summary>The clock. Its timers fire on the scheduler.</summary>
    TimeProvider Time { get; }

    /// <summary>Random bytes: cryptographic in production, seeded in simulation.</summary>
    void FillRandom(Span<byte> target);

    /// <summary>
    /// Runs an async loop until it returns. It begins on the scheduler, not on the caller's stack. The task ends as the loop does;
    /// an exception that escapes the loop is a bug and is reported to the scheduler's owner (a cancellation is not: it ends the loop).
    /// </summary>
    Task Start(string name, Func<Task> loop);

    /// <summary>
    /// Runs blocking work (fsync, decompression of a large batch) off the network threads and completes on the scheduler.
    /// Simulation runs it in place and delays the completion by seed.
    /// </summary>
    Task RunBlocking(Action work);

    /// <summary>Completes after <paramref name="delay"/>; cancelled like Task.Delay.</summary>
    Task Delay(TimeSpan delay, CancellationToken cancellation = default);
}
