using Microsoft.Extensions.Logging;
using Moldau.Broker.Configuration;
using Moldau.Broker.Lifecycle;
using Moldau.Broker.Partitions;
using Moldau.Metadata;
using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Storage;

namespace Moldau.Broker.Publishing;

/// <summary>
/// Makes the partitions on this node what the metadata says: creates and deletes logs, applies leaders, epochs and configurations. Called by the publisher, one call at a time.
/// </summary>
/// <remarks>A partition whose log cannot be opened is not served; its directory is offline by then, and that is logged. The others go on.</remarks>
internal sealed class PartitionChanges(
    LogStore store, PartitionTable partitions, DirectoryAssignments assignments, ReplicaMover mover, TopicSettings settings, NodeOptions options, Uuid incarnation, ILogger logger)
{
    private readonly List<HostedPartition> removed = [];
    private bool isStarted;

    /// <summary>Whether there is anything to do. False means that <see cref="Apply"/> need not be called.</summary>
    public bool HaveWork(MetadataDelta delta, MetadataImage next) =>
        !isStarted || !ReferenceEquals(delta.Image.Topics, next.Topics) || !ReferenceEquals(delta.Image.Configs, next.Configs);

    /// <summary>Does it.</summary>
    public void Apply(MetadataDelta delta, MetadataImage next)
    {
        // Until this run's own registration is in it, the image may be of a time long past: a log would be taken for a stray whose topic is only not replayed yet.
        if (!isStarted && next.Cluster.Broker(options.NodeId)?.IncarnationId != incarnation) return;
        LocalReplicaChanges changes = isStarted ? delta.Topics().LocalChanges(options.NodeId) : EverythingIn(next.Topics);
        if (!isStarted) PutStraysAside(next);
        foreach (PartitionChange change in changes.Deletes) Delete(change);
        foreach (PartitionChange change in changes.Leaders) Host(change, next);
        foreach (PartitionChange change in changes.Followers) Host(change, next);
        foreach (ConfigResource resource in delta.ChangedConfigs()) Reconfigure(resource, next);
        if (isStarted) return;
        isStarted = true;
        // Only now does every log have its topic's configuration, so that retention removes nothing that is to be kept.
        store.Start();
    }

    /// <summary>Wakes who waits for partitions that are gone; they find the topic gone too, now that the image is shown.</summary>
    public void Published()
    {
        foreach (HostedPartition partition in removed) partition.Retire();
        removed.Clear();
    }

    private LocalReplicaChanges EverythingIn(TopicsImage topics) => new TopicsDelta(
        [], [],
        [.. topics.All.SelectMany(static topic => topic.Partitions, static (topic, partition) => new PartitionChange(topic.Name, topic.Id, partition.Key, null, partition.Value))])
        .LocalChanges(options.NodeId);

    // Logs of topics that were deleted while this node was down, or just before it was killed.
    private void PutStraysAside(MetadataImage image)
    {
        if (options.Planted.KeepsLogsOfDeletedTopics) return;
        foreach (PartitionLog log in store.Logs)
        {
            if (log.Partition.Topic == TopicNames.ClusterMetadata) continue;
            TopicImage? topic = log.TopicId == Uuid.Zero ? image.Topics.Find(log.Partition.Topic) : image.Topics.Find(log.TopicId);
            if (topic?.Partition(log.Partition.Partition) is { } known && known.Replicas.Contains(options.NodeId)) continue;
            store.PutAside(log.Partition);
        }
    }

    private void Delete(PartitionChange change)
    {
        if (partitions.Remove(change.TopicId, change.Partition) is not { } partition) return;
        store.Delete(partition.Name);
        removed.Add(partition);
    }

    private void Host(PartitionChange change, MetadataImage image)
    {
        if (!partitions.TryGet(change.TopicId, change.Partition, out HostedPartition? hosted))
        {
            hosted = Open(change, image);
            if (hosted is null) return;
            hosted.Apply(change.After!);
            partitions.Add(hosted);
            if (store.TakeInterruptedMove(hosted.Name) is { } target) mover.Begin(hosted, target);
        }
        else
        {
            hosted.Apply(change.After!);
        }
        TellDirectory(change, hosted.Log);
    }

    // The controller let the node choose, or a move ended in between: it has to know, to take leadership away when the directory fails.
    private void TellDirectory(PartitionChange change, PartitionLog log)
    {
        if (log.Directory.Id != Uuid.Zero && change.After!.DirectoryOf(options.NodeId) != log.Directory.Id)
            assignments.Assign((change.TopicId, change.Partition), log.Directory.Id);
    }

    private HostedPartition? Open(PartitionChange change, MetadataImage image)
    {
        var name = new TopicPartition(change.Topic, change.Partition);
        (LogConfig config, int minInSync) = settings.Of(image, change.Topic);
        try
        {
            PartitionLog? log = store.Find(name);
            // The topic was deleted and made anew before this node noticed.
            if (log is not null && log.TopicId != Uuid.Zero && log.TopicId != change.TopicId && !options.Planted.KeepsLogsOfDeletedTopics)
            {
                store.Delete(name);
                log = null;
            }

            if (log is null)
            {
                if (MayBeOffline(change.After!))
                {
                    logger.PartitionOffline(name.ToString());
                    return null;
                }

                log = store.Create(name, change.TopicId, config, DirectoryFor(change.After!));
            }
            else
            {
                log.Config = config;
                // A power cut before the log's first flush may have left its folder without the id; nobody who looks at the folder later could tell whose log it is.
                if (log.TopicId == Uuid.Zero) log.AssignTopicId(change.TopicId);
            }

            return new HostedPartition(name, change.TopicId, log, new BrokerId(options.NodeId), options.Durability == FlushPolicy.Fsync) { MinInSyncReplicas = minInSync };
        }
        catch (IOException failure)
        {
            logger.PartitionFailed(name.ToString(), failure);
            return null;
        }
    }

    // An empty log in place of one that cannot be read now would be a leader without its records.
    private bool MayBeOffline(PartitionRegistration registration) =>
        DirectoryFor(registration) is null
        && registration.DirectoryOf(options.NodeId) != Uuid.UnassignedDirectory
        && store.Directories.Any(static directory => directory.IsOffline);

    // The directory that the metadata names, if it is one of this node's that are online.
    private Uuid? DirectoryFor(PartitionRegistration registration) =>
        registration.DirectoryOf(options.NodeId) is { } id && store.Directories.Any(directory => directory.Id == id && !directory.IsOffline) ? id : null;

    private void Reconfigure(ConfigResource resource, MetadataImage image)
    {
        bool isOfAll = resource == ConfigResource.ClusterDefault || resource == ConfigResource.Broker(options.NodeId);
        if (resource.Type != ConfigResourceType.Topic && !isOfAll) return;
        foreach (IGrouping<string, HostedPartition> topic in partitions.All.GroupBy(partition => partition.Name.Topic))
        {
            if (!isOfAll && topic.Key != resource.Name) continue;
            (LogConfig config, int minInSync) = settings.Of(image, topic.Key);
            foreach (HostedPartition partition in topic)
            {
                partition.Log.Config = config;
                partition.MinInSyncReplicas = minInSync;
            }
        }
    }
}
