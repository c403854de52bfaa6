namespace Moldau.Protocol.Transport;

/// <summary>The production scheduler: the thread pool, and a few threads for what blocks. Thread-safe.</summary>
/// <param name="time">The clock; the composition root gives <c>TimeProvider.System</c>.</param>
/// <param name="escaped">Told of an exception that escaped a loop, with the loop's name: a bug, on which a node ends. Called on the loop's thread.</param>
public sealed class ThreadPoolScheduler(TimeProvider time, Action<string, Exception> escaped) : IScheduler
{
    private readonly BlockingThreads blocking = new();

    /// <inheritdoc/>
    public TimeProvider Time => time;

    /// <inheritdoc/>
    public void FillRandom(Span<byte> target) => SystemRandom.Fill(target);

    /// <inheritdoc/>
    public Task Start(string name, Func<Task> loop) =>
#pragma warning disable RS0030 // This is the scheduler that everyone else is told to use.
        Task.Run(() => RunAsync(name, loop));
#pragma warning restore RS0030

    /// <inheritdoc/>
    public Task RunBlocking(Action work) => blocking.Run(work);

    /// <inheritdoc/>
    public Task Delay(TimeSpan delay, CancellationToken cancellation = default) => Task.Delay(delay, time, cancellation);

    private async Task RunAsync(string name, Func<Task> loop)
    {
        try
        {
            await loop();
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            escaped(name, failure);
            throw;
        }
    }
}
