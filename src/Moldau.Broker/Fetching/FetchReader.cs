using Moldau.Broker.Partitions;
using Moldau.Protocol;
using Moldau.Storage;

namespace Moldau.Broker.Fetching;

/// <summary>What a fetch may read: whole records below the high watermark, below the last stable offset, or everything.</summary>
internal enum FetchIsolation
{
    /// <summary>A consumer that reads uncommitted.</summary>
    HighWatermark,

    /// <summary>A consumer that reads committed.</summary>
    LastStable,

    /// <summary>A follower, or a tool that asks as replica -2.</summary>
    LogEnd,
}

/// <summary>Who fetches, and what it may read.</summary>
/// <param name="ReplicaId">The follower's node id; -1 for a consumer, -2 for a tool.</param>
/// <param name="Isolation">What it may read.</param>
internal readonly record struct FetchOrigin(int ReplicaId, FetchIsolation Isolation)
{
    /// <summary>Whether a broker fetches to replicate.</summary>
    public bool IsFollower => ReplicaId >= 0;
}

/// <summary>Reads one partition for a fetch. Stateless; takes no memory unless there are aborted transactions to tell.</summary>
internal sealed class FetchReader(PartitionFinder partitions)
{
    /// <summary>
    /// Reads into <see cref="FetchTarget.Result"/>. The records' file region is held until it has been sent, or <see cref="FetchTarget.DropRecords"/>.
    /// </summary>
    /// <param name="target">The partition.</param>
    /// <param name="byId">Whether the client names topics by id.</param>
    /// <param name="maxBytes">Bytes that are left of the whole fetch; below zero none can be read, which is an error where there are some, as in Kafka.</param>
    /// <param name="atLeastOneBatch">Whether a batch larger than <paramref name="maxBytes"/> is returned all the same, so that a client is never stuck.</param>
    /// <param name="reader">Who reads, and what may be read.</param>
    public void Read(FetchTarget target, bool byId, int maxBytes, bool atLeastOneBatch, FetchOrigin reader)
    {
        ErrorCode error = byId
            ? partitions.Find(target.TopicId, target.Partition, out HostedPartition? partition)
            : partitions.Find(target.Topic!, target.Partition, out partition);
        if (error == ErrorCode.None) error = partition!.CheckLeader(target.CurrentLeaderEpoch);
        if (error == ErrorCode.None && reader.IsFollower && !partition!.TryFollow(reader.ReplicaId, target.FetchOffset)) error = ErrorCode.NotLeaderOrFollower;
        if (partition is null || error != ErrorCode.None)
        {
            target.Result = FetchResult.Failed(error);
            if (partition is not null) NameLeader(ref target.Result, partition, error);
            return;
        }

        long readableEnd = ReadableEnd(partition, reader.Isolation);
        if (target.LastFetchedEpoch >= 0 && Diverges(target, partition, readableEnd)) return;
        int bytes = Math.Min(maxBytes, target.MaxBytes);
        LogReadResult read = partition.Log.Read((Offset)target.FetchOffset, Math.Max(0, bytes), (Offset)readableEnd, atLeastOneBatch && bytes >= 0);
        error = read.Error == ErrorCode.None && bytes < 0 && target.FetchOffset < readableEnd ? ErrorCode.UnknownServerError : read.Error;
        target.Result = error == ErrorCode.None ? Found(partition, readableEnd) : FetchResult.Failed(error);
        target.Result.Source = partition;
        if (error != ErrorCode.None) return;
        target.Result.Records = read.Records;
        if (reader.Isolation == FetchIsolation.LastStable) target.Result.Aborted = partition.Log.AbortedTransactions((Offset)target.FetchOffset, read);
    }

    /// <summary>The offset up to which a reader may read now.</summary>
    public static long ReadableEnd(HostedPartition partition, FetchIsolation isolation) => isolation switch
    {
        FetchIsolation.HighWatermark => partition.HighWatermark,
        FetchIsolation.LastStable => partition.LastStableOffset,
        _ => partition.Log.LogEndOffset,
    };

    // KIP-320, KIP-595: a reader that says in which epoch its last record was written learns where this log parts from its own.
    private static bool Diverges(FetchTarget target, HostedPartition partition, long readableEnd)
    {
        if (partition.Log.EndOffsetForEpoch((LeaderEpoch)target.LastFetchedEpoch) is not { } end)
        {
            target.Result = FetchResult.Failed(ErrorCode.OffsetOutOfRange);
            return true;
        }

        if (end.Epoch >= target.LastFetchedEpoch && end.StartOffset >= target.FetchOffset) return false;
        target.Result = Found(partition, readableEnd);
        target.Result.DivergingEpoch = end.Epoch;
        target.Result.DivergingEndOffset = end.StartOffset;
        return true;
    }

    private static FetchResult Found(HostedPartition partition, long readableEnd) => new()
    {
        Source = partition,
        HighWatermark = partition.HighWatermark,
        LastStableOffset = partition.LastStableOffset,
        LogStart = partition.Log.LogStartOffset,
        ReadableEnd = readableEnd,
        Records = Records.Empty,
        DivergingEpoch = -1,
        DivergingEndOffset = -1,
        LeaderId = -1,
        LeaderEpoch = -1,
    };

    // KIP-951: a client that asked the wrong broker, or knows an old epoch, is told who leads.
    private static void NameLeader(ref FetchResult result, HostedPartition partition, ErrorCode error)
    {
        if (error is not (ErrorCode.NotLeaderOrFollower or ErrorCode.FencedLeaderEpoch)) return;
        (BrokerId leader, LeaderEpoch epoch) = partition.Leadership;
        result.LeaderId = leader;
        result.LeaderEpoch = epoch;
    }
}
