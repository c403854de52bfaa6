using System.Runtime.CompilerServices;
using Moldau.Protocol;

namespace Moldau.Broker.Partitions;

/// <summary>
/// The deadlines of requests that wait (Kafka's purgatory): one heap and one timer for all of them. Who wakes a waiter before its deadline is the partition it
/// watches (<see cref="Watchers"/>). Thread-safe.
/// </summary>
internal sealed class Purgatory : IDisposable
{
    private readonly TimeProvider time;
    private readonly Lock gate = new();
    private readonly ITimer timer;
    private Waiter?[] heap = new Waiter?[16];
    private int count;
    private long armedFor = long.MaxValue;

    public Purgatory(TimeProvider time)
    {
        this.time = time;
        timer = time.CreateTimer(static self => ((Purgatory)self!).Expire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Requests that wait.</summary>
    public int Count
    {
        get
        {
            lock (gate) return count;
        }
    }

    /// <summary>The timestamp that lies <paramref name="delay"/> ahead.</summary>
    public long DeadlineAfter(TimeSpan delay) => delay == Timeout.InfiniteTimeSpan ? long.MaxValue : time.GetTimestamp() + (long)(delay.TotalSeconds * time.TimestampFrequency);

    /// <summary>
    /// Waits until the waiter is woken (true), its deadline comes (false), or the token is cancelled. The caller has put it to its partitions before, and looked
    /// again whether it need wait at all, so that no wake-up is lost.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> WaitAsync(Waiter waiter, long deadline, CancellationToken cancellation)
    {
        if (waiter.IsDone) return await waiter.WaitAsync();
        Add(waiter, deadline);
        using (cancellation.UnsafeRegister(static state => ((Waiter)state!).TryEnd(false), waiter))
        {
            bool woken = await waiter.WaitAsync();
            Remove(waiter);
            cancellation.ThrowIfCancellationRequested();
            return woken;
        }
    }

    public void Dispose() => timer.Dispose();

    private void Add(Waiter waiter, long deadline)
    {
        lock (gate)
        {
            waiter.Deadline = deadline;
            if (count == heap.Length) Array.Resize(ref heap, count * 2);
            SiftUp(count++, waiter);
            Arm();
        }
    }

    private void Remove(Waiter waiter)
    {
        lock (gate)
        {
            if (waiter.HeapIndex >= 0) RemoveAt(waiter.HeapIndex);
        }
    }

    private void Expire()
    {
        lock (gate)
        {
            armedFor = long.MaxValue;
            long now = time.GetTimestamp();
            while (count > 0 && heap[0]!.Deadline <= now)
            {
                Waiter first = heap[0]!;
                RemoveAt(0);
                first.TryEnd(false);
            }

            Arm();
        }
    }

    // A timer that is set earlier than needed fires once for nothing; setting it anew for every request that ends early would cost more.
    private void Arm()
    {
        if (count == 0 || heap[0]!.Deadline >= armedFor) return;
        armedFor = heap[0]!.Deadline;
        TimeSpan wait = TimeSpan.FromSeconds((double)(armedFor - time.GetTimestamp()) / time.TimestampFrequency);
        // Rounded up: a timer that fires before its deadline would be set again and again for the rest of a millisecond.
        timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(wait.TotalMilliseconds))), Timeout.InfiniteTimeSpan);
    }

    private void RemoveAt(int index)
    {
        Waiter removed = heap[index]!;
        Waiter last = heap[--count]!;
        heap[count] = null;
        removed.HeapIndex = -1;
        if (removed == last) return;
        if (index > 0 && last.Deadline < heap[(index - 1) / 2]!.Deadline) SiftUp(index, last);
        else SiftDown(index, last);
    }

    private void SiftUp(int index, Waiter waiter)
    {
        while (index > 0 && heap[(index - 1) / 2]!.Deadline > waiter.Deadline)
        {
            Place(index, heap[(index - 1) / 2]!);
            index = (index - 1) / 2;
        }

        Place(index, waiter);
    }

    private void SiftDown(int index, Waiter waiter)
    {
        while (2 * index + 1 < count)
        {
            int child = 2 * index + 1;
            if (child + 1 < count && heap[child + 1]!.Deadline < heap[child]!.Deadline) child++;
            if (heap[child]!.Deadline >= waiter.Deadline) break;
            Place(index, heap[child]!);
            index = child;
        }

        Place(index, waiter);
    }

    private void Place(int index, Waiter waiter)
    {
        heap[index] = waiter;
        waiter.HeapIndex = index;
        Invariant.That(index < count);
    }
}
