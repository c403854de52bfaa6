using Moldau.Protocol.Batches;

namespace Moldau.Storage.Producers;

/// <summary>The end of a transaction, as the control record that a coordinator writes to each of its partitions says it (KIP-98).</summary>
/// <param name="Commit">Committed; else aborted.</param>
/// <param name="CoordinatorEpoch">The coordinator's epoch.</param>
internal readonly record struct TransactionMarker(bool Commit, int CoordinatorEpoch)
{
    /// <summary>Reads the marker of a control batch; null when its first record is of another type, or there is none.</summary>
    /// <exception cref="RecordFormatException">The record is damaged.</exception>
    public static TransactionMarker? Read(ReadOnlyMemory<byte> batch)
    {
        using RecordReader records = RecordReader.Open(batch, buffer: null, Limits.ControlBatchBytesMax);
        if (!records.MoveNext()) return null;
        Record record = records.Current;
        if (record.ControlType is not (ControlRecordType.Abort or ControlRecordType.Commit)) return null;
        return new TransactionMarker(record.ControlType == ControlRecordType.Commit, ControlBatch.CoordinatorEpoch(record.Value.Span));
    }
}
