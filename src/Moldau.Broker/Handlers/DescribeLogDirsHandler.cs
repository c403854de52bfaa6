using Moldau.Broker.Network;
using Moldau.Broker.Partitions;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Transport;
using Moldau.Storage;

namespace Moldau.Broker.Handlers;

/// <summary>DescribeLogDirs (key 35, v1-5): the node's log directories, and the size of the logs in them (KIP-113).</summary>
/// <remarks>
/// v4 adds the volume's size and what is free of it (KIP-827), v5 whether the directory is cordoned (KIP-1066). A log that is being moved here is named too, with how far it
/// is behind. Errors by directory: KAFKA_STORAGE_ERROR where it is offline.
/// </remarks>
internal sealed class DescribeLogDirsHandler(LogStore store, PartitionTable partitions, IScheduler scheduler)
    : ApiHandler<DescribeLogDirsRequest, DescribeLogDirsResponse>(ApiKey.DescribeLogDirs, 1, 5)
{
    private const long UnknownLag = -1;

    protected internal override async ValueTask HandleAsync(RequestContext<DescribeLogDirsRequest, DescribeLogDirsResponse> context)
    {
        HashSet<TopicPartition>? asked = context.Request.Topics is { } topics
            ? [.. topics.SelectMany(static topic => topic.Partitions, static (topic, partition) => new TopicPartition(topic.Topic, partition))]
            : null;
        PartitionLog[] logs = [.. store.Logs.Where(log => log.Partition.Topic != Metadata.TopicNames.ClusterMetadata && asked?.Contains(log.Partition) != false)];
        foreach (LogDirectory directory in store.Directories)
        {
            DescribeLogDirsResponse.DescribeLogDirsResult answer = context.Response.Results.Add();
            answer.LogDir = Path.GetFullPath(directory.Path);
            answer.IsCordoned = directory.IsCordoned;
            // The system asks the volume: on a disk that hangs it would take the network thread along.
            if (!directory.IsOffline) await scheduler.RunBlocking(() => Measure(directory, answer));
            if (directory.IsOffline) answer.ErrorCode = (short)ErrorCode.KafkaStorageError;
            else AddLogs(answer, logs, directory);
            if (!directory.IsOffline) AddMoves(answer, asked, directory);
        }
    }

    private static void Measure(LogDirectory directory, DescribeLogDirsResponse.DescribeLogDirsResult answer)
    {
        try
        {
            (answer.TotalBytes, answer.UsableBytes) = (directory.TotalBytes, directory.FreeBytes);
        }
        catch (IOException)
        {
            // What the volume has is not known, and says nothing of the logs in it.
            (answer.TotalBytes, answer.UsableBytes) = (-1, -1);
        }
    }

    private void AddLogs(DescribeLogDirsResponse.DescribeLogDirsResult answer, PartitionLog[] logs, LogDirectory directory)
    {
        DescribeLogDirsResponse.DescribeLogDirsTopic? topic = null;
        foreach (PartitionLog log in logs)
        {
            if (log.Directory != directory) continue;
            if (topic is null || topic.Name != log.Partition.Topic)
            {
                topic = answer.Topics.Add();
                topic.Name = log.Partition.Topic;
            }

            DescribeLogDirsResponse.DescribeLogDirsPartition partition = topic.Partitions.Add();
            partition.PartitionIndex = log.Partition.Partition;
            partition.PartitionSize = log.SizeInBytes;
            partition.OffsetLag = partitions.Of(log.Partition) is { } hosted ? Math.Max(0, hosted.HighWatermark - log.LogEndOffset) : UnknownLag;
        }
    }

    private void AddMoves(DescribeLogDirsResponse.DescribeLogDirsResult answer, HashSet<TopicPartition>? asked, LogDirectory directory)
    {
        foreach (LogMove move in store.Moves)
        {
            if (move.Target != directory || asked?.Contains(move.Log.Partition) == false) continue;
            DescribeLogDirsResponse.DescribeLogDirsTopic? topic = answer.Topics.FirstOrDefault(topic => topic.Name == move.Log.Partition.Topic);
            if (topic is null) (topic = answer.Topics.Add()).Name = move.Log.Partition.Topic;
            DescribeLogDirsResponse.DescribeLogDirsPartition partition = topic.Partitions.Add();
            partition.PartitionIndex = move.Log.Partition.Partition;
            partition.PartitionSize = move.SizeInBytes;
            partition.OffsetLag = move.OffsetLag;
            partition.IsFutureKey = true;
        }
    }
}
