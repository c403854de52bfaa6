using Moldau.Broker.Partitions;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Storage;

namespace Moldau.Broker.Groups;

/// <summary>The coordinator's log over a partition of this node: committed is what the high watermark has passed.</summary>
internal sealed class PartitionCoordinatorLog(HostedPartition partition, Purgatory purgatory) : ICoordinatorLog
{
    private const short ProduceVersion = 13;

    public int BatchBytesMax => partition.Log.Config.MaxMessageBytes;

    public long EndOffset => partition.Log.LogEndOffset;

    public long CommittedOffset => partition.HighWatermark;

    public CoordinatorAppend Append(Memory<byte> batch)
    {
        if (!partition.HasEnoughInSync(partition.MinInSyncReplicas)) return new CoordinatorAppend(ErrorCode.NotEnoughReplicas, Offset.None);
        AppendResult result = partition.Append(batch, AppendOrigin.Coordinator, ProduceVersion);
        return new CoordinatorAppend(result.Error, result.BaseOffset);
    }

    public ValueTask<ErrorCode> WaitForCommitAsync(long offset, TimeSpan timeout, CancellationToken cancellation) =>
        partition.WaitForCommitAsync(offset, purgatory, purgatory.DeadlineAfter(timeout), cancellation);

    public CoordinatorRead Read(long from, int bytesMax)
    {
        PartitionLog log = partition.Log;
        Offset start = from < log.LogStartOffset ? log.LogStartOffset : (Offset)from;
        LogReadResult read = log.Read(start, bytesMax, log.LogEndOffset, atLeastOneBatch: true);
        try
        {
            return new CoordinatorRead(read.Error, read.Error == ErrorCode.None ? read.Records.ToMemory() : default, read.LogStartOffset);
        }
        finally
        {
            read.Records.Region?.File.Release();
        }
    }
}
