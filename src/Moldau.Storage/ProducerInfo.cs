using Moldau.Protocol;

namespace Moldau.Storage;

/// <summary>An active producer of a partition, as DescribeProducers shows it.</summary>
/// <param name="ProducerId">Its id.</param>
/// <param name="ProducerEpoch">Its epoch.</param>
/// <param name="LastSequence">The last record's sequence number; -1 when none is known at this epoch.</param>
/// <param name="LastTimestampMs">The last timestamp seen from it.</param>
/// <param name="CoordinatorEpoch">The epoch of the coordinator that wrote its last marker; -1 without one.</param>
/// <param name="CurrentTransactionStartOffset">The first offset of its open transaction; -1 without one.</param>
public readonly record struct ProducerInfo(
    ProducerId ProducerId, short ProducerEpoch, int LastSequence, long LastTimestampMs, int CoordinatorEpoch, Offset CurrentTransactionStartOffset);
