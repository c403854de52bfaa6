using System.Buffers.Binary;

namespace Moldau.Protocol.Batches;

/// <summary>Batches of one control record.</summary>
public static class ControlBatch
{
    private const int EndTxnMarkerBytes = 6;

    /// <summary>
    /// The marker that ends a transaction on a partition: one transactional control record with the coordinator's epoch. The leader assigns
    /// offset and leader epoch.
    /// </summary>
    public static byte[] EndTxnMarker(ProducerId producerId, short producerEpoch, bool committed, int coordinatorEpoch, long timestampMs, Offset offset, LeaderEpoch leaderEpoch)
    {
        byte[] value = new byte[EndTxnMarkerBytes];
        BinaryPrimitives.WriteInt32BigEndian(value.AsSpan(2), coordinatorEpoch);
        RecordBatchOptions options = new()
        {
            BaseOffset = offset,
            LeaderEpoch = leaderEpoch,
            ProducerId = producerId,
            ProducerEpoch = producerEpoch,
            IsTransactional = true,
            IsControl = true,
        };
        return Of(options, committed ? ControlRecordType.Commit : ControlRecordType.Abort, value, timestampMs);
    }

    /// <summary>A control record of the metadata quorum or a snapshot: leader change, snapshot header and footer, feature level, voters.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="value">The message that belongs to the type: int16 version and body.</param>
    /// <param name="timestampMs">The record's timestamp.</param>
    /// <param name="offset">Its offset.</param>
    /// <param name="leaderEpoch">The epoch it is written in.</param>
    public static byte[] OfQuorum(ControlRecordType type, ReadOnlyMemory<byte> value, long timestampMs, Offset offset, LeaderEpoch leaderEpoch) =>
        Of(new() { BaseOffset = offset, LeaderEpoch = leaderEpoch, IsControl = true }, type, value, timestampMs);

    /// <summary>The coordinator's epoch in the value of an end-of-transaction marker.</summary>
    /// <exception cref="RecordFormatException">The value is too short or of a negative version.</exception>
    public static int CoordinatorEpoch(ReadOnlySpan<byte> markerValue)
    {
        if (markerValue.Length < EndTxnMarkerBytes || BinaryPrimitives.ReadInt16BigEndian(markerValue) < 0)
            throw new RecordFormatException(RecordFormatError.Record, $"{markerValue.Length} bytes are no end-of-transaction marker");
        return BinaryPrimitives.ReadInt32BigEndian(markerValue[2..]);
    }

    private static byte[] Of(in RecordBatchOptions options, ControlRecordType type, NullableBytes value, long timestampMs)
    {
        using RecordBatchBuilder builder = new(options);
        builder.AppendControl(timestampMs, type, value);
        return builder.BuildArray();
    }
}
