using Moldau.Protocol;

namespace Moldau.Storage;

/// <summary>The log is closed, or its directory is offline (then with the cause).</summary>
public sealed class LogUnavailableException(TopicPartition partition, Exception? cause = null)
    : IOException($"the log of {partition} is closed or its directory is offline", cause);

/// <summary>A follower's records begin below the log's end.</summary>
public sealed class UnexpectedAppendOffsetException(TopicPartition partition, long first, long end)
    : IOException($"records for {partition} begin at offset {first}, below the log's end {end}");
