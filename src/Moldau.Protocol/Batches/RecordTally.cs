namespace Moldau.Protocol.Batches;

/// <summary>
/// The walk over a batch's uncompressed records that produce validation makes: framing, offset deltas, keys and timestamps. Allocates only for errors.
/// </summary>
internal struct RecordTally
{
    private List<RecordError>? errors;
    private bool onlyTimestamps;

    /// <summary>The largest create time; -1 for none.</summary>
    public long MaxTimestampMs { get; private set; }

    /// <summary>The first record that has it; -1 for none.</summary>
    public int IndexOfMaxTimestamp { get; private set; }

    /// <summary>Walks over <paramref name="records"/>; null when all is well.</summary>
    public static ProduceFailure? Walk(ReadOnlySpan<byte> records, RecordBatchHeader header, bool compressed, ProduceValidationOptions options, long nowMs, out RecordTally tally)
    {
        tally = new RecordTally { MaxTimestampMs = -1, IndexOfMaxTimestamp = -1, onlyTimestamps = true };
        int count = header.Count!.Value;
        long baseTimestamp = header.BaseTimestamp;
        StricterRule framing = compressed ? StricterRule.CompressedRecords : StricterRule.None;
        TimestampBounds bounds = new(options, header.TimestampType, nowMs);
        int position = 0;
        int strayDelta = -1;
        for (int index = 0; index < count; index++)
        {
            string? defect = RecordLayout.Read(records, position, out RecordLayout layout);
            if (defect is not null) return ProduceFailure.Invalid($"record {index}: {defect}", framing);
            position = layout.End;
            if (layout.OffsetDelta != index && strayDelta < 0) strayDelta = index;
            if (options.KeysRequired && layout.KeyLength < 0) tally.Blame(index, timestamp: false, "a compacted topic takes no records without a key");
            else tally.Note(index, unchecked(baseTimestamp + layout.TimestampDelta), bounds);
        }

        if (position != records.Length) return ProduceFailure.Invalid($"{records.Length - position} bytes are left behind the {count} records", framing);
        if (tally.errors is not null) return tally.Failure();
        return strayDelta < 0 ? null : ProduceFailure.Invalid($"record {strayDelta} does not have the offset delta {strayDelta}", StricterRule.OffsetDeltas);
    }

    private void Note(int index, long timestampMs, in TimestampBounds bounds)
    {
        if (timestampMs > MaxTimestampMs)
        {
            MaxTimestampMs = timestampMs;
            IndexOfMaxTimestamp = index;
        }

        if (!bounds.Allow(timestampMs)) Blame(index, timestamp: true, bounds.Explain(timestampMs));
    }

    private void Blame(int index, bool timestamp, string message)
    {
        onlyTimestamps &= timestamp;
        errors ??= [];
        if (errors.Count < Limits.RecordErrors) errors.Add(new(index, message));
    }

    private readonly ProduceFailure Failure() => onlyTimestamps
        ? new(ErrorCode.InvalidTimestamp, "the timestamps of some records are not allowed") { RecordErrors = errors!, InResponse = true }
        : new(ErrorCode.InvalidRecord, $"some records are not allowed; the first: {errors![0].Message}") { RecordErrors = errors, InResponse = true };
}

/// <summary>Which timestamps a batch may carry.</summary>
internal readonly struct TimestampBounds
{
    private readonly bool createTime;
    private readonly bool claimsAppendTime;
    private readonly long lowest;
    private readonly long highest;

    public TimestampBounds(ProduceValidationOptions options, TimestampType claimed, long nowMs)
    {
        createTime = options.TimestampType == TimestampType.CreateTime;
        claimsAppendTime = claimed == TimestampType.LogAppendTime;
        lowest = SaturatingAdd(nowMs, -options.TimestampBeforeMaxMs);
        highest = SaturatingAdd(nowMs, options.TimestampAfterMaxMs);
    }

    /// <summary>Create time must be near the clock, if there is one at all; and append time is not the producer's to claim.</summary>
    public bool Allow(long timestampMs) =>
        createTime && timestampMs != -1 ? timestampMs >= lowest && timestampMs <= highest : !claimsAppendTime;

    public string Explain(long timestampMs) => createTime && timestampMs != -1
        ? $"the timestamp {timestampMs} is not within [{lowest}, {highest}]"
        : "a producer cannot set log append time";

    private static long SaturatingAdd(long left, long right) =>
        (long)Int128.Clamp((Int128)left + right, long.MinValue, long.MaxValue);
}
