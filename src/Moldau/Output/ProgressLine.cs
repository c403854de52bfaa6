namespace Moldau.Output;

/// <summary>A progress bar on one line of a terminal that is written over; nothing where no person reads, and nothing while it is quick. Thread-safe.</summary>
internal sealed class ProgressLine(string title, TextWriter? target, TimeProvider time)
{
    private const int BarWidth = 30;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500), Pace = TimeSpan.FromMilliseconds(100);
    private readonly Lock gate = new();
    private readonly long start = time.GetTimestamp();
    private long shownAt;
    private bool hasShown;

    /// <summary>Shows how far it is.</summary>
    public void Show(long done, long total, string what)
    {
        if (target is null || total <= 0) return;
        lock (gate)
        {
            if (time.GetElapsedTime(start) < Patience || (hasShown && time.GetElapsedTime(shownAt) < Pace && done < total)) return;
            hasShown = true;
            shownAt = time.GetTimestamp();
            int filled = (int)(BarWidth * Math.Min(done, total) / total);
            target.Write($"\r{title} [{new string('#', filled)}{new string('.', BarWidth - filled)}] {what} ");
        }
    }

    /// <summary>Goes to the next line.</summary>
    public void End()
    {
        lock (gate)
        {
            if (hasShown) target!.WriteLine();
            hasShown = false;
        }
    }
}
