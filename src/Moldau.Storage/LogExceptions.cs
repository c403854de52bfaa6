using Moldau.Protocol;

namespace Moldau.Storage;

/// <summary>The log is closed, or its directory is offline (then with the cause).</summary>
public sealed class LogUnavailableException(TopicPartition partition, Exception? cause = null)
    : IOException($"the log of {partition} is closed or its directory is offline", cause);

/// <summary>A partition's log lies in two log directories, and nothing tells which of them holds what was acknowledged. The store does not open.</summary>
public sealed class DuplicateLogException(TopicPartition partition, string first, string second) : Exception(
    $"{partition} is in two log directories, {first} and {second}: move the one that is out of date away (an earlier copy, or a disk that had failed), then start again")
{
    /// <summary>The partition.</summary>
    public TopicPartition Partition { get; } = partition;
}

/// <summary>A follower's records begin below the log's end.</summary>
public sealed class UnexpectedAppendOffsetException(TopicPartition partition, long first, long end)
    : IOException($"records for {partition} begin at offset {first}, below the log's end {end}");
