using Moldau.Protocol.Transport;

namespace Moldau.Storage.Cleaning;

/// <summary>What one of the cleaner's loops works with: its map of keys, its share of the buffers, the budget of all, and its rest.</summary>
internal sealed record CleanerLane(IScheduler Scheduler, KeyOffsets Keys, int BufferBytes, IoBudget Budget, Rest Rest)
{
    /// <summary>A lane's share of what the options give to all.</summary>
    public static CleanerLane Of(IScheduler scheduler, CleanerOptions options, IoBudget budget)
    {
        Span<byte> key = stackalloc byte[16];
        scheduler.FillRandom(key);
        var keys = new KeyOffsets(options.DedupeBufferBytes / options.Threads, options.DedupeBufferLoadFactor, KeyHash.From(key));
        return new CleanerLane(scheduler, keys, Math.Max(options.IoBufferBytes / options.Threads / 2, Limits.WalkWindowBytes), budget, new Rest(scheduler.Time));
    }
}
