namespace Moldau.Protocol.Batches;

/// <summary>
/// What a follower finds in the records of a leader's Fetch response: whole batches whose checksums are right and whose offsets rise. They are
/// written as they came. A batch torn at the end, where the response's size limit cut it, is left out.
/// </summary>
/// <param name="ValidBytes">Bytes of the whole batches.</param>
/// <param name="BatchCount">How many they are; the other fields mean something when there is one.</param>
/// <param name="FirstOffset">The first batch's base offset.</param>
/// <param name="LastOffset">The last batch's last offset.</param>
/// <param name="LastLeaderEpoch">The last batch's leader epoch.</param>
/// <param name="MaxTimestampMs">The largest timestamp, ms.</param>
/// <param name="LastOffsetOfMaxTimestamp">The last offset of the first batch that has it.</param>
public readonly record struct ReplicatedRecords(
    int ValidBytes, int BatchCount, Offset FirstOffset, Offset LastOffset, LeaderEpoch LastLeaderEpoch, long MaxTimestampMs, Offset LastOffsetOfMaxTimestamp)
{
    /// <summary>Looks through fetched records; allocates nothing.</summary>
    /// <exception cref="RecordFormatException">A batch is damaged, or offsets do not rise.</exception>
    public static ReplicatedRecords Scan(ReadOnlySpan<byte> records)
    {
        ReplicatedRecords found = new(0, 0, Offset.None, Offset.None, LeaderEpoch.None, -1, Offset.None);
        RecordBatchEnumerator batches = new(records);
        while (batches.MoveNextOrThrow())
        {
            RecordBatch.EnsureValid(batches.CurrentBytes);
            found = found.With(batches.Current, batches.Position);
        }

        return found;
    }

    private ReplicatedRecords With(RecordBatchHeader header, int position)
    {
        if (BatchCount > 0 && header.BaseOffset.Value <= LastOffset.Value)
            throw new RecordFormatException(RecordFormatError.Batch, $"a batch at offset {header.BaseOffset} follows one that ends at {LastOffset}");
        if (header.LastOffset.Value < header.BaseOffset.Value)
            throw new RecordFormatException(RecordFormatError.Batch, $"the batch at offset {header.BaseOffset} ends at {header.LastOffset}");
        bool later = header.MaxTimestamp > MaxTimestampMs;
        return new(
            position + header.SizeInBytes,
            BatchCount + 1,
            BatchCount == 0 ? header.BaseOffset : FirstOffset,
            header.LastOffset,
            header.LeaderEpoch,
            later ? header.MaxTimestamp : MaxTimestampMs,
            later ? header.LastOffset : LastOffsetOfMaxTimestamp);
    }
}
