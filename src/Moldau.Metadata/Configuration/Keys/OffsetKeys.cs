using static Moldau.Metadata.Configuration.Traits;
using static Moldau.Metadata.Configuration.UpdateMode;

namespace Moldau.Metadata.Configuration;

/// <summary>Committed offsets and the topic they are kept in.</summary>
public static class OffsetKeys
{
    internal static readonly KeySection Section = new("Committed offsets");

    public static readonly ConfigKey<int> OffsetsTopicNumPartitions = Section.Int("offsets.topic.num.partitions", 50, ConfigRule.AtLeast(1),
        High(ReadOnly, "Partitions of `__consumer_offsets`; not to be changed once it exists."));

    public static readonly ConfigKey<short> OffsetsTopicReplicationFactor = Section.Short("offsets.topic.replication.factor", 3, ConfigRule.AtLeast(1),
        High(ReadOnly, "Replicas of `__consumer_offsets`; it is not created while there are fewer brokers."));

    public static readonly ConfigKey<int> OffsetsTopicSegmentBytes = Section.Int("offsets.topic.segment.bytes", 104857600, ConfigRule.AtLeast(1),
        High(ReadOnly, "Segment size of `__consumer_offsets`, in bytes."));

    public static readonly ConfigKey<int> OffsetsTopicCompressionCodec = Section.Int("offsets.topic.compression.codec", 0, null,
        High(ReadOnly, "Codec of the records in `__consumer_offsets`, by its number; 0: none.").NotYet());

    public static readonly ConfigKey<int> OffsetMetadataMaxBytes = Section.Int("offset.metadata.max.bytes", 4096, null,
        High(ReadOnly, "Largest metadata text that may go with a committed offset, in bytes."));

    public static readonly ConfigKey<int> OffsetsRetentionMinutes = Section.Int("offsets.retention.minutes", 10080, ConfigRule.AtLeast(1),
        High(ReadOnly, "How long offsets of a group that is empty, or of a topic it no longer reads, are kept, in minutes."));

    public static readonly ConfigKey<long> OffsetsRetentionCheckIntervalMs = Section.Long("offsets.retention.check.interval.ms", 600000, ConfigRule.AtLeast(1),
        High(ReadOnly, "How often offsets are looked at for expiry, in milliseconds."));

    public static readonly ConfigKey<int> OffsetsCommitTimeoutMs = Section.Int("offsets.commit.timeout.ms", 5000, ConfigRule.AtLeast(1),
        High(ReadOnly, "How long a commit waits until it is replicated, in milliseconds."));

    public static readonly ConfigKey<int> OffsetsLoadBufferSize = Section.Int("offsets.load.buffer.size", 5242880, ConfigRule.AtLeast(1),
        High(ReadOnly, "Bytes read at a time while offsets are loaded."));
}
