namespace Moldau.Protocol;

/// <summary>Bytes that are not the message they should be. The only exception that decoding throws.</summary>
/// <param name="path">The field, from the message's name down: <c>FetchRequest.Topics[2].Partitions[0].FetchOffset</c>.</param>
/// <param name="reason">What is wrong, in words.</param>
/// <param name="position">Byte position in the message where the field began.</param>
/// <param name="kafkaReadsOn">Whether Apache Kafka's own reader would not have minded.</param>
public sealed class WireFormatException(string path, string reason, long position, bool kafkaReadsOn = false)
    : IOException($"{path}: {reason} (at byte {position})")
{
    /// <summary>The field's path.</summary>
    public string FieldPath { get; } = path;

    /// <summary>What is wrong, without the path.</summary>
    public string Reason { get; } = reason;

    /// <summary>Byte position where the field began.</summary>
    public long Position { get; } = position;

    /// <summary>Whether this is one of the few cases in which Apache Kafka's reader is laxer: see the README of the protocol project.</summary>
    public bool KafkaReadsOn { get; } = kafkaReadsOn;
}

/// <summary>A message was to be read or written at a version it does not have, or holds a value that the version cannot carry. A bug of the caller.</summary>
public sealed class MessageVersionException(string message) : InvalidOperationException(message);
