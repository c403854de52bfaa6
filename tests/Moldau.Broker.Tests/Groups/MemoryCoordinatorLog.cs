using System.Buffers.Binary;
using Moldau.Broker.Groups;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Transport;

namespace Moldau.Broker.Tests.Groups;

/// <summary>A coordinator's partition in memory, whose commits and failures a test decides.</summary>
internal sealed class MemoryCoordinatorLog(IScheduler scheduler) : ICoordinatorLog
{
    private readonly List<byte[]> batches = [];

    public int BatchBytesMax { get; init; } = 1_000_000;

    public long EndOffset { get; private set; }

    public long CommittedOffset { get; private set; }

    public int BatchCount => batches.Count;

    /// <summary>Whether what is written is committed a moment later; off, it waits for <see cref="Commit"/>.</summary>
    public bool Commits { get; set; } = true;

    /// <summary>What appends say.</summary>
    public ErrorCode AppendError { get; set; }

    /// <summary>What waits for commits say.</summary>
    public ErrorCode CommitError { get; set; }

    public CoordinatorAppend Append(Memory<byte> batch)
    {
        if (AppendError != ErrorCode.None) return new CoordinatorAppend(AppendError, -1);
        byte[] copy = batch.ToArray();
        BinaryPrimitives.WriteInt64BigEndian(copy, EndOffset);
        batches.Add(copy);
        long first = EndOffset;
        EndOffset += new RecordBatchHeader(copy).LastOffsetDelta + 1;
        if (Commits) _ = CommitSoonAsync();
        return new CoordinatorAppend(ErrorCode.None, first);
    }

    public void Commit() => CommittedOffset = EndOffset;

    public async ValueTask<ErrorCode> WaitForCommitAsync(long offset, TimeSpan timeout, CancellationToken cancellation)
    {
        DateTimeOffset deadline = scheduler.Time.GetUtcNow() + timeout;
        while (CommittedOffset < offset)
        {
            if (CommitError != ErrorCode.None) return CommitError;
            if (scheduler.Time.GetUtcNow() >= deadline) return ErrorCode.RequestTimedOut;
            await scheduler.Delay(TimeSpan.FromMilliseconds(1), cancellation);
        }

        return ErrorCode.None;
    }

    public CoordinatorRead Read(long from, int bytesMax)
    {
        IEnumerable<byte[]> rest = batches.Where(batch => new RecordBatchHeader(batch).LastOffset >= from);
        byte[] all = [.. rest.SelectMany(batch => batch)];
        int first = rest.First().Length;
        return new CoordinatorRead(ErrorCode.None, all.AsMemory(0, Math.Min(all.Length, Math.Max(first, bytesMax))), 0);
    }

    /// <summary>Appends a record of any bytes.</summary>
    public void AppendRaw(byte[] key, byte[]? value)
    {
        using var builder = new RecordBatchBuilder(new RecordBatchOptions());
        builder.Append(1, key, value);
        Append(builder.Build());
    }

    private async Task CommitSoonAsync()
    {
        await scheduler.Delay(TimeSpan.FromMilliseconds(1));
        Commit();
    }
}
