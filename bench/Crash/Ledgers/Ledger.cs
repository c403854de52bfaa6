namespace Moldau.Crash.Ledgers;

/// <summary>
/// What a node owes in one partition, by what its one producer was told. Acknowledgements come from any thread; the log is judged by one.
/// </summary>
internal abstract class Ledger(string topic, int partition, Violations violations)
{
    public string Topic { get; } = topic;

    public int Partition { get; } = partition;

    public string Name => $"{Topic}-{Partition}";

    public long Acknowledged { get; protected set; }

    /// <summary>The offset up to which the log was judged.</summary>
    public long NextOffset { get; protected set; }

    /// <summary>Records beyond the first of their sequence number.</summary>
    public long Duplicates { get; protected set; }

    /// <summary>Acknowledgements that wait to be judged.</summary>
    public abstract int PendingCount { get; }

    /// <summary>Records of the log that the last look at all of it found.</summary>
    public virtual long Records => NextOffset;

    protected Violations Violations { get; } = violations;

    /// <summary>The producer is about to send a record. Called in the order of the sequence numbers.</summary>
    public virtual void Sending(long sequence)
    {
    }

    public abstract void Acknowledge(long offset, long sequence);

    /// <summary>Reads what came since the last time and judges it.</summary>
    public abstract void Catch(ILogReader reader, CancellationToken token);

    /// <summary>Reads the whole log once more after the producer has ended: what was judged must still be there as it was.</summary>
    /// <param name="whose">The node that serves it, in words.</param>
    public abstract void CompareWhole(ILogReader reader, string whose, CancellationToken token);

    /// <summary>Every value starts with its producer's running number.</summary>
    protected static long SequenceOf(ReadOnlySpan<byte> value)
    {
        long sequence = 0;
        foreach (byte digit in value)
        {
            if (digit is < (byte)'0' or > (byte)'9') break;
            sequence = (sequence * 10) + (digit - '0');
        }

        return sequence;
    }
}
