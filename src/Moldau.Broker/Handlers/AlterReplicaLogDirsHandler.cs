using Moldau.Broker.Network;
using Moldau.Broker.Partitions;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Transport;
using Moldau.Storage;

namespace Moldau.Broker.Handlers;

/// <summary>AlterReplicaLogDirs (key 34, v1-2): moves replicas of this node to other log directories, or says where those that it does not have yet are to lie (KIP-113).</summary>
/// <remarks>
/// Answered when the moves have begun; DescribeLogDirs shows how far they are. Errors: LOG_DIR_NOT_FOUND, KAFKA_STORAGE_ERROR (the directory is offline, or another is: then
/// it is not known what lies there), INVALID_REPLICA_ASSIGNMENT (the directory is cordoned), REPLICA_NOT_AVAILABLE (remembered until the replica is made),
/// UNKNOWN_TOPIC_OR_PARTITION (likewise), INVALID_TOPIC_EXCEPTION (the topic's name leaves no room for the copy's folder).
/// </remarks>
internal sealed class AlterReplicaLogDirsHandler(LogStore store, PartitionFinder finder, ReplicaMover mover, IScheduler scheduler)
    : ApiHandler<AlterReplicaLogDirsRequest, AlterReplicaLogDirsResponse>(ApiKey.AlterReplicaLogDirs, 1, 2)
{
    protected internal override async ValueTask HandleAsync(RequestContext<AlterReplicaLogDirsRequest, AlterReplicaLogDirsResponse> context)
    {
        foreach (AlterReplicaLogDirsRequest.AlterReplicaLogDir asked in context.Request.Dirs)
        {
            LogDirectory? directory = store.Directories.FirstOrDefault(each => Path.GetFullPath(each.Path) == asked.Path);
            foreach (AlterReplicaLogDirsRequest.AlterReplicaLogDirTopic topic in asked.Topics)
            {
                AlterReplicaLogDirsResponse.AlterReplicaLogDirTopicResult answer =
                    context.Response.Results.FirstOrDefault(result => result.TopicName == topic.Name) ?? context.Response.Results.Add();
                answer.TopicName = topic.Name;
                foreach (int number in topic.Partitions)
                {
                    ErrorCode error = ErrorCode.LogDirNotFound;
                    if (directory is not null) await scheduler.RunBlocking(() => error = Alter(new TopicPartition(topic.Name, number), directory));
                    AlterReplicaLogDirsResponse.AlterReplicaLogDirPartitionResult partition = answer.Partitions.Add();
                    partition.PartitionIndex = number;
                    partition.ErrorCode = (short)error;
                }
            }
        }
    }

    private ErrorCode Alter(TopicPartition name, LogDirectory directory)
    {
        if (!LogStore.CanMove(name)) return ErrorCode.InvalidTopicException;
        if (directory.IsOffline) return ErrorCode.KafkaStorageError;
        if (directory.IsCordoned) return ErrorCode.InvalidReplicaAssignment;
        ErrorCode error = finder.Find(name.Topic, name.Partition, out HostedPartition? hosted);
        if (hosted is null)
        {
            if (error != ErrorCode.KafkaStorageError) store.Prefer(name, directory);
            return error == ErrorCode.NotLeaderOrFollower ? ErrorCode.ReplicaNotAvailable : error;
        }

        if (error != ErrorCode.None) return error;
        LogMove? under = store.FindMove(name);
        if (under?.Target == directory) return ErrorCode.None;
        under?.Cancel();
        if (hosted.Log.Directory == directory) return ErrorCode.None;
        // As in Kafka: a copy of this log may lie in the directory that is offline.
        if (store.Directories.Any(static each => each.IsOffline)) return ErrorCode.KafkaStorageError;
        mover.Begin(hosted, directory);
        return ErrorCode.None;
    }
}
