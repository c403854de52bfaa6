using Moldau.Load.Compare.Brokers;

namespace Moldau.Load.Compare.Stock;

/// <summary>A client that others made and many use. It costs more than the broker it talks to; it is asked whether it sees the same winner.</summary>
internal abstract class StockClient
{
    public abstract string Name { get; }

    /// <summary>Produces records of one size and waits until all are acknowledged.</summary>
    /// <returns>How long that took.</returns>
    public abstract Task<TimeSpan> ProduceAsync(TestTopic topic, StockLoad load);

    /// <summary>Reads so many records from the beginning of the topic.</summary>
    /// <returns>How long that took.</returns>
    public abstract Task<TimeSpan> ConsumeAsync(TestTopic topic, StockLoad load);
}

/// <summary>What a stock client moves.</summary>
/// <param name="Records">How many.</param>
/// <param name="RecordBytes">The size of each value.</param>
/// <param name="BatchBytes">The size that batches may have.</param>
/// <param name="Acks">1, or -1 for all.</param>
internal sealed record StockLoad(int Records, int RecordBytes, int BatchBytes, short Acks);
