using Moldau.Storage;

namespace Moldau.Starting;

/// <summary>Shows how far the recovery of the logs is: one line that is written over, and nothing while it is quick. Thread-safe.</summary>
internal sealed class RecoveryLines(TextWriter? target, TimeProvider time) : IProgress<RecoveryProgress>
{
    private const int BarWidth = 30;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500), Pace = TimeSpan.FromMilliseconds(100);
    private readonly Lock gate = new();
    private readonly long start = time.GetTimestamp();
    private long shownAt;
    private bool hasShown;

    public void Report(RecoveryProgress value)
    {
        if (target is null || value.Logs == 0) return;
        lock (gate)
        {
            if (time.GetElapsedTime(start) < Patience || (hasShown && time.GetElapsedTime(shownAt) < Pace && value.LogsOpened < value.Logs)) return;
            hasShown = true;
            shownAt = time.GetTimestamp();
            int filled = (int)((long)BarWidth * value.LogsOpened / value.Logs);
            target.Write($"\ropening logs [{new string('#', filled)}{new string('.', BarWidth - filled)}] {value.LogsOpened}/{value.Logs}");
        }
    }

    /// <summary>The logs are open.</summary>
    public void End()
    {
        lock (gate)
        {
            if (hasShown) target!.WriteLine();
            hasShown = false;
        }
    }
}
