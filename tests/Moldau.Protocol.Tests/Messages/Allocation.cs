namespace Moldau.Protocol.Tests.Messages;

/// <summary>Memory that an action takes.</summary>
internal static class Allocation
{
    private const int Attempts = 5;

    /// <summary>
    /// Bytes taken on this thread, once they are within <paramref name="enough"/> or at the last attempt: a collection, which any other test may cause,
    /// charges a thread for the rest of its allocation buffer.
    /// </summary>
    public static long Of(Action action, long enough)
    {
        long taken = long.MaxValue;
        for (int i = 0; i < Attempts && taken > enough; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            taken = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        return taken;
    }
}
