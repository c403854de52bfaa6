using Moldau.Broker.Partitions;
using Moldau.Protocol;

namespace Moldau.Broker.Fetching;

/// <summary>
/// Waits until the partitions of a fetch hold as many bytes as it wants. A wake-up looks only at the partitions that have moved, and only at their size: with a thousand
/// partitions and a large minimum, reading them all after each append would cost more than serving them.
/// </summary>
internal sealed class FetchWait(Purgatory purgatory)
{
    /// <summary>
    /// Completes when there are enough bytes, when something has happened that the client should know at once (another leader, a failed directory), or at the deadline. The plan
    /// has been read before and its records dropped; it is to be read again after.
    /// </summary>
    /// <exception cref="OperationCanceledException">The client is gone.</exception>
    public async ValueTask WaitAsync(FetchPlan plan, FetchOrigin reader, int minBytes, TimeSpan time, CancellationToken cancellation)
    {
        long deadline = purgatory.DeadlineAfter(time);
        bool isWaiting = true;
        while (isWaiting)
        {
            var waiter = new Waiter();
            for (FetchTarget? target = plan.First; target is not null; target = target.Next) target.Result.Source?.Watchers.Add(waiter);
            // What moved before the watching woke nobody: look before waiting.
            if (IsOver(plan, reader, minBytes)) return;
            isWaiting = await purgatory.WaitAsync(waiter, deadline, cancellation);
        }
    }

    private static bool IsOver(FetchPlan plan, FetchOrigin reader, int minBytes)
    {
        long bytes = 0;
        for (FetchTarget? target = plan.First; target is not null; target = target.Next)
        {
            if (target.Result.Source is not { } partition) continue;
            if (partition.IsGone || partition.CheckLeader(target.CurrentLeaderEpoch) != ErrorCode.None || partition.Log.Directory.IsOffline) return true;
            long end = FetchReader.ReadableEnd(partition, reader.Isolation);
            if (end != target.Result.ReadableEnd)
            {
                target.Result.ReadableEnd = end;
                target.Result.Available = Math.Min(target.MaxBytes, partition.Log.BytesBetween((Offset)target.FetchOffset, (Offset)end));
            }

            bytes += target.Result.Available;
        }

        return bytes >= minBytes;
    }
}
