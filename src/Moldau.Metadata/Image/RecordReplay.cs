using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Image;

/// <summary>The one place where a record changes an image: for brokers and controllers, live and in recovery.</summary>
internal static class RecordReplay
{
    /// <summary>The image after a record. Records of transactions are <see cref="ImageTip"/>'s.</summary>
    internal static MetadataImage Replay(MetadataImage image, IMessage message) => message switch
    {
        PartitionRecord r => image with { Topics = image.Topics.Replay(r) },
        PartitionChangeRecord r => image with { Topics = image.Topics.Replay(r) },
        TopicRecord r => image with { Topics = image.Topics.Replay(r) },
        ConfigRecord r => image with { Configs = image.Configs.Replay(r) },
        RemoveTopicRecord r => RemoveTopic(image, r),
        ClearElrRecord r => image with { Topics = image.Topics.Replay(r) },
        BrokerRegistrationChangeRecord r => image with { Cluster = image.Cluster.Replay(r) },
        RegisterBrokerRecord r => image with { Cluster = image.Cluster.Replay(r) },
        UnregisterBrokerRecord r => image with { Cluster = image.Cluster.Replay(r) },
        FenceBrokerRecord r => image with { Cluster = image.Cluster.Replay(r) },
        UnfenceBrokerRecord r => image with { Cluster = image.Cluster.Replay(r) },
        RegisterControllerRecord r => image with { Cluster = image.Cluster.Replay(r) },
        UnregisterControllerRecord r => image with { Cluster = image.Cluster.Replay(r) },
        FeatureLevelRecord r => image with { Features = image.Features.Replay(r) },
        ProducerIdsRecord r => ProducerIds(image, r),
        ClientQuotaRecord r => image with { ClientQuotas = image.ClientQuotas.Replay(r) },
        AccessControlEntryRecord r => image with { Acls = image.Acls.Replay(r) },
        RemoveAccessControlEntryRecord r => image with { Acls = image.Acls.Replay(r) },
        UserScramCredentialRecord r => image with { Scram = image.Scram.Replay(r) },
        RemoveUserScramCredentialRecord r => image with { Scram = image.Scram.Replay(r) },
        DelegationTokenRecord r => image with { DelegationTokens = image.DelegationTokens.Replay(r) },
        RemoveDelegationTokenRecord r => image with { DelegationTokens = image.DelegationTokens.Replay(r) },
        NoOpRecord => image,
        // Left in logs of clusters that once came from ZooKeeper; nothing hangs on it in 4.x.
        ZkMigrationStateRecord => image,
        _ => throw new UnknownMetadataRecordException(message.Schema.Name),
    };

    private static MetadataImage RemoveTopic(MetadataImage image, RemoveTopicRecord record)
    {
        TopicsImage topics = image.Topics.Replay(record, out string name);
        return image with { Topics = topics, Configs = image.Configs.WithoutTopic(name) };
    }

    private static MetadataImage ProducerIds(MetadataImage image, ProducerIdsRecord record)
    {
        if (record.NextProducerId <= image.NextProducerId)
        {
            throw new MetadataReplayException($"ProducerIdsRecord sets the next producer id to {record.NextProducerId}, which is not above {image.NextProducerId}");
        }

        return image with { NextProducerId = record.NextProducerId };
    }
}
