using Moldau.Broker.Publishing;
using Moldau.Metadata.Image;
using Moldau.Protocol;

namespace Moldau.Broker.Groups;

/// <summary>Which topics and partitions offsets may be kept for: those that exist, by name or by id (KIP-848).</summary>
internal sealed class GroupTopics(MetadataCache metadata)
{
    /// <summary>Topics are named by their id in OffsetCommit and OffsetFetch from this version on.</summary>
    public const short ByIdSince = 10;

    /// <summary>The topic that a request means, and the error when there is none.</summary>
    public ErrorCode Find(short apiVersion, string name, Uuid id, out TopicImage? topic)
    {
        bool byId = apiVersion >= ByIdSince;
        topic = byId ? metadata.Image.Topics.Find(id) : metadata.Image.Topics.Find(name);
        if (topic is not null) return ErrorCode.None;
        return byId ? ErrorCode.UnknownTopicId : ErrorCode.UnknownTopicOrPartition;
    }

    public TopicImage? Find(string name) => metadata.Image.Topics.Find(name);
}
