using System.Diagnostics;

namespace Moldau.Load.Compare.Wire;

/// <summary>Drives connections on one thread until all are done.</summary>
internal static class ReplayLoop
{
    private static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(1);

    /// <returns>How long it took.</returns>
    /// <exception cref="ReplayException">A connection failed, or it took longer than the limit, by default <see cref="Limits.Replay"/>.</exception>
    public static Task<TimeSpan> RunAsync(IReadOnlyList<ReplayConnection> connections, TimeSpan? limit = null) =>
        Task.Factory.StartNew(() => Run(connections, limit ?? Limits.Replay), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static TimeSpan Run(IReadOnlyList<ReplayConnection> connections, TimeSpan limit)
    {
        Ppoll.WakeExactly();
        long began = Stopwatch.GetTimestamp();
        var entries = new Ppoll.Entry[connections.Count];
        for (int i = 0; i < entries.Length; i++) entries[i].Socket = connections[i].SocketNumber;
        while (true)
        {
            long now = Stopwatch.GetTimestamp();
            long due = long.MaxValue;
            bool isOpen = false;
            for (int i = 0; i < entries.Length; i++)
            {
                ReplayConnection connection = connections[i];
                connection.Pump(now);
                isOpen |= !connection.IsDone;
                due = Math.Min(due, connection.NextDue);
                entries[i].Wanted = connection.IsSending ? (short)(Ppoll.In | Ppoll.Out) : Ppoll.In;
            }

            TimeSpan elapsed = Stopwatch.GetElapsedTime(began);
            if (!isOpen) return elapsed;
            if (elapsed > limit) throw new ReplayException($"the load was not carried out within {limit}");
            if (Ppoll.Wait(entries, Patience(due)) == 0) continue;
            now = Stopwatch.GetTimestamp();
            for (int i = 0; i < entries.Length; i++)
                if ((entries[i].Ready & ~Ppoll.Out) != 0) connections[i].Receive(now);
        }
    }

    private static TimeSpan Patience(long due)
    {
        if (due == long.MaxValue) return PatienceMax;
        long left = due - Stopwatch.GetTimestamp();
        if (left <= 0) return TimeSpan.Zero;
        TimeSpan wait = Stopwatch.GetElapsedTime(0, left);
        return wait < PatienceMax ? wait : PatienceMax;
    }
}
