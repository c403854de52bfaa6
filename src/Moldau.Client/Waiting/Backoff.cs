using System.Buffers.Binary;
using Moldau.Protocol.Transport;

namespace Moldau.Client.Waiting;

/// <summary>Pauses that double from the first to the longest, each off by up to a fifth so that clients do not come back in step (KIP-580).</summary>
internal sealed class Backoff(IScheduler scheduler, TimeSpan first, TimeSpan longest)
{
    private const double Jitter = 0.2;
    private const int DoublingsMax = 30;
    private int failures;

    /// <summary>The pause after one more failure.</summary>
    public TimeSpan Next() => After(failures++);

    /// <summary>Begins again with the first pause.</summary>
    public void Reset() => failures = 0;

    private TimeSpan After(int earlier)
    {
        Span<byte> random = stackalloc byte[sizeof(uint)];
        scheduler.FillRandom(random);
        double factor = 1 - Jitter + (2 * Jitter * (BinaryPrimitives.ReadUInt32LittleEndian(random) / (double)uint.MaxValue));
        double milliseconds = Math.Min(first.TotalMilliseconds * Math.Pow(2, Math.Min(earlier, DoublingsMax)), longest.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(milliseconds * factor);
    }
}
