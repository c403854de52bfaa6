namespace Moldau.Metadata;

/// <summary>The bounds of everything that grows in this project.</summary>
public static class Limits
{
    /// <summary>Partitions that one CreateTopics or CreatePartitions request may ask for, as in Kafka; more is POLICY_VIOLATION.</summary>
    public const int PartitionsPerRequest = 10_000;

    /// <summary>Characters of a topic name: with the partition's number and a suffix it must still be a directory's name (255).</summary>
    public const int TopicNameLength = 249;

    /// <summary>Characters of a configuration value, as in Kafka: what an int16-length string could hold.</summary>
    public const int ConfigValueLength = 32_767;

    /// <summary>Batches that are replayed and not yet committed. The shell stops appending long before; more is a bug of the shell.</summary>
    public const int UncommittedBatches = 65_536;

    /// <summary>Partitions that one periodic election touches; the rest follows at the next tick, so that a tick stays short.</summary>
    public const int ElectionsPerTick = 1_000;

    /// <summary>Producer ids handed out in one block (KIP-730).</summary>
    public const int ProducerIdsPerBlock = 1_000;
}
