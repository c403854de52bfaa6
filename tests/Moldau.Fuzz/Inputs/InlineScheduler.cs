using Moldau.Protocol.Transport;

namespace Moldau.Fuzz.Inputs;

/// <summary>Runs everything on the caller's stack, at one moment in time.</summary>
internal sealed class InlineScheduler : IScheduler
{
    private static readonly StoppedClock Clock = new();

    public TimeProvider Time => Clock;

    public void FillRandom(Span<byte> target) => target.Fill(0x5a);

    public Task Start(string name, Func<Task> loop) => loop();

    public Task RunBlocking(Action work)
    {
        work();
        return Task.CompletedTask;
    }

    /// <summary>Never: time stands still.</summary>
    public Task Delay(TimeSpan delay, CancellationToken cancellation = default) => Task.Delay(Timeout.Infinite, cancellation);

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(SampleBatches.TimeMs + 1_000_000);
    }
}
