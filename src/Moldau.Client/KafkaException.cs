using Moldau.Protocol;

namespace Moldau.Client;

/// <summary>An operation that a broker refused or that could not reach one. <see cref="Code"/> says why in Kafka's terms.</summary>
public class KafkaException : Exception
{
    /// <summary>A failure with its code and, in words, what failed.</summary>
    public KafkaException(ErrorCode code, string message, Exception? inner = null)
        : base(message, inner) => Code = code;

    /// <summary>Kafka's code; <see cref="ErrorCode.NetworkException"/> and <see cref="ErrorCode.RequestTimedOut"/> also for what the client itself met.</summary>
    public ErrorCode Code { get; }

    /// <summary>Whether the same operation may succeed later without a change by the caller.</summary>
    public virtual bool IsRetriable => Code.IsRetriable();

    internal static KafkaException Of(ErrorCode code, string what, string? brokerSays = null) =>
        new(code, brokerSays is null ? $"{what}: {code.KafkaName()}" : $"{what}: {code.KafkaName()} ({brokerSays})");
}

/// <summary>No connection to a broker could be made, or the one there was ended before the answer came. What had been sent may or may not have been done.</summary>
public sealed class KafkaConnectionException(string message, Exception? inner = null) : KafkaException(ErrorCode.NetworkException, message, inner);

/// <summary>Time ran out. <see cref="Exception.InnerException"/> is the last failure met on the way, if there was one.</summary>
public sealed class KafkaTimeoutException(string message, Exception? inner = null) : KafkaException(ErrorCode.RequestTimedOut, message, inner);

/// <summary>The broker has no version of the API that the operation needs.</summary>
public sealed class UnsupportedApiException(ApiKey api, string message) : KafkaException(ErrorCode.UnsupportedVersion, message)
{
    /// <summary>The API.</summary>
    public ApiKey Api { get; } = api;
}

/// <summary>A consumer's position is not in the partition's log and <c>auto.offset.reset</c> is none.</summary>
public sealed class OffsetOutOfRangeException(TopicPartition partition, long offset, string message) : KafkaException(ErrorCode.OffsetOutOfRange, message)
{
    /// <summary>The partition.</summary>
    public TopicPartition Partition { get; } = partition;

    /// <summary>The position; -1 when there is none yet.</summary>
    public long Offset { get; } = offset;
}
