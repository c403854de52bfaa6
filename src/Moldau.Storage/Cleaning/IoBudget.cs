namespace Moldau.Storage.Cleaning;

/// <summary>Bytes per second that all cleaning together may read and write. Who has spent waits until the rate is kept again. Thread-safe.</summary>
internal sealed class IoBudget(double bytesPerSecondMax)
{
    private readonly Lock gate = new();
    private double freeAtMs;

    /// <summary>Bytes to read at once: what a quarter of a second allows, so that no wait is long.</summary>
    public int StepBytes => (int)Math.Clamp(bytesPerSecondMax / 4, Limits.CleanerStepBytesMin, Limits.CleanerStepBytesMax);

    /// <summary>Notes bytes that were read or written. How long to wait, in ms.</summary>
    public long Spend(long bytes, long nowMs)
    {
        lock (gate)
        {
            freeAtMs = Math.Max(freeAtMs, nowMs) + bytes / bytesPerSecondMax * 1000;
            return (long)Math.Ceiling(Math.Min(freeAtMs - nowMs, Limits.HousekeepingSleepMs));
        }
    }
}
