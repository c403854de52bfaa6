using Moldau.Metadata.Features;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Image;

/// <summary>
/// Turns an image into the records of a snapshot, in Kafka's order: features (metadata.version first, since a reader needs it for the rest), brokers,
/// controllers, topics each followed by its partitions, configurations, quotas, producer ids, access control, SCRAM, tokens. Within a section the order is
/// sorted, so that equal images give equal bytes.
/// </summary>
public static class ImageWriter
{
    /// <summary>The records. Header and footer of the snapshot file are not the image's.</summary>
    public static IEnumerable<MetadataRecord> Write(MetadataImage image)
    {
        if (image.Features.MetadataVersion is not { } version) return [];
        return Features(image.Features, version)
            .Concat(Cluster(image.Cluster, version))
            .Concat(Topics(image.Topics, version))
            .Concat(Configs(image.Configs))
            .Concat(Quotas(image.ClientQuotas))
            .Concat(ProducerIds(image.NextProducerId))
            .Concat(Acls(image.Acls))
            .Concat(Scram(image.Scram))
            .Concat(Tokens(image.DelegationTokens));
    }

    private static MetadataRecord Record(IMessage message) => new(message, 0);

    private static IEnumerable<MetadataRecord> Features(FeaturesImage features, MetadataVersion version)
    {
        yield return Record(new FeatureLevelRecord { Name = MetadataVersion.FeatureName, FeatureLevel = version.Level });
        foreach ((string name, short level) in features.Finalized) yield return Record(new FeatureLevelRecord { Name = name, FeatureLevel = level });
    }

    private static IEnumerable<MetadataRecord> Cluster(ClusterImage cluster, MetadataVersion version)
    {
        foreach (BrokerRegistration broker in cluster.Brokers.Values) yield return broker.ToRecord(version);
        if (!version.SupportsControllerRegistration) yield break;
        foreach (ControllerRegistration controller in cluster.Controllers.Values) yield return controller.ToRecord();
    }

    private static IEnumerable<MetadataRecord> Topics(TopicsImage topics, MetadataVersion version)
    {
        foreach (TopicImage topic in topics.All)
        {
            yield return Record(new TopicRecord { Name = topic.Name, TopicId = topic.Id });
            foreach ((int number, PartitionRegistration partition) in topic.Partitions) yield return partition.ToRecord(topic.Id, number, version);
        }
    }

    private static IEnumerable<MetadataRecord> Configs(ConfigurationsImage configs)
    {
        foreach ((ConfigResource resource, var values) in configs.Resources)
        {
            foreach ((string name, string value) in values)
            {
                yield return Record(new ConfigRecord { ResourceType = (sbyte)resource.Type, ResourceName = resource.Name, Name = name, Value = value });
            }
        }
    }

    private static IEnumerable<MetadataRecord> Quotas(ClientQuotasImage quotas)
    {
        foreach ((ClientQuotaEntity entity, var values) in quotas.Entities)
        {
            foreach ((string key, double value) in values)
            {
                var record = new ClientQuotaRecord { Key = key, Value = value };
                foreach ((string type, string? name) in entity.Parts) record.Entity.Add(new ClientQuotaRecord.EntityData { EntityType = type, EntityName = name });
                yield return Record(record);
            }
        }
    }

    private static IEnumerable<MetadataRecord> ProducerIds(long next)
    {
        if (next >= 0) yield return Record(new ProducerIdsRecord { BrokerId = -1, BrokerEpoch = -1, NextProducerId = next });
    }

    private static IEnumerable<MetadataRecord> Acls(AclsImage acls)
    {
        foreach (AccessControlEntry e in acls.Entries.Values)
        {
            yield return Record(new AccessControlEntryRecord
            {
                Id = e.Id,
                ResourceType = e.ResourceType,
                ResourceName = e.ResourceName,
                PatternType = e.PatternType,
                Principal = e.Principal,
                Host = e.Host,
                Operation = e.Operation,
                PermissionType = e.PermissionType,
            });
        }
    }

    private static IEnumerable<MetadataRecord> Scram(ScramImage scram)
    {
        foreach ((ScramKey key, ScramCredential credential) in scram.Credentials)
        {
            yield return Record(new UserScramCredentialRecord
            {
                Name = key.User,
                Mechanism = key.Mechanism,
                Salt = [.. credential.Salt],
                StoredKey = [.. credential.StoredKey],
                ServerKey = [.. credential.ServerKey],
                Iterations = credential.Iterations,
            });
        }
    }

    private static IEnumerable<MetadataRecord> Tokens(DelegationTokensImage tokens)
    {
        foreach (DelegationToken token in tokens.Tokens.Values)
        {
            yield return Record(new DelegationTokenRecord
            {
                Owner = token.Owner,
                Requester = token.Requester,
                Renewers = [.. token.Renewers],
                IssueTimestamp = token.IssueTimestamp,
                MaxTimestamp = token.MaxTimestamp,
                ExpirationTimestamp = token.ExpirationTimestamp,
                TokenId = token.TokenId,
            });
        }
    }
}
