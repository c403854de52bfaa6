using Moldau.Load.Compare.Wire;

namespace Moldau.Load.Compare.Brokers;

/// <summary>What a load took: time, and processor time of the broker.</summary>
internal readonly record struct Effort(TimeSpan Elapsed, TimeSpan Processor)
{
    /// <summary>Drives a load and counts what the broker spends on it.</summary>
    public static async Task<Effort> OfAsync(BrokerUnderTest broker, IReadOnlyList<ReplayConnection> connections)
    {
        TimeSpan before = broker.ProcessorTime;
        TimeSpan elapsed = await ReplayLoop.RunAsync(connections);
        return new Effort(elapsed, broker.ProcessorTime - before);
    }

    /// <summary>Millions of bytes a second.</summary>
    public double MegabytesPerSecond(long bytes) => bytes / 1e6 / Elapsed.TotalSeconds;

    /// <summary>Processor seconds for 10⁹ bytes.</summary>
    public double SecondsPerGigabyte(long bytes) => Processor.TotalSeconds / (bytes / 1e9);

    public double PerSecond(long count) => count / Elapsed.TotalSeconds;

    public double MicrosecondsEach(long count) => Processor.TotalMicroseconds / count;
}
