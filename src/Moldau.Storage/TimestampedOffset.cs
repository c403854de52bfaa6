using Moldau.Protocol;

namespace Moldau.Storage;

/// <summary>An answer of ListOffsets.</summary>
/// <param name="TimestampMs">The record's timestamp; -1 when the answer is a position and not a record.</param>
/// <param name="Offset">The offset.</param>
/// <param name="LeaderEpoch">The epoch that the offset was written in; -1 when it is not known.</param>
public readonly record struct TimestampedOffset(long TimestampMs, Offset Offset, LeaderEpoch LeaderEpoch);
