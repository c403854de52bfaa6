using System.Text.Json;
using Moldau.Protocol.Compression;

namespace Moldau.Protocol.Batches.Golden;

/// <summary>Compares the verdict on a payload, and the bytes that would be stored, with what a live node did.</summary>
internal static class GoldenProduce
{
    /// <summary>What differs; null when nothing does, or when the answer is stricter by <paramref name="rule"/>, or when the node's answer has nothing to do with the batch.</summary>
    public static string? Difference(byte[] payload, JsonElement root, out StricterRule rule)
    {
        rule = StricterRule.None;
        JsonElement produce = root.GetProperty("produce");
        if (Topic(produce.GetProperty("topic").GetString()!) is not { } options || !IsOfBatch(produce)) return null;
        short version = produce.GetProperty("version").GetInt16();
        ErrorCode kafka = (ErrorCode)produce.GetProperty("errorCode").GetInt16();
        ProduceFailure? failure = ProduceValidator.Validate(
            payload, options, version, AppendOrigin.Client, root.GetProperty("now").GetInt64(), out ValidatedBatch batch);
        using (batch)
        {
            if (failure is null) return kafka == ErrorCode.None ? Stored(batch, options, root) : $"accepted instead of {kafka}";
            rule = failure.Stricter.KafkaMayAnswer(kafka) ? failure.Stricter : StricterRule.None;
            return rule == StricterRule.None ? Refused(failure, kafka, produce) : null;
        }
    }

    // The topics of the node that was asked.
    private static ProduceValidationOptions? Topic(string name) => name switch
    {
        "plain" => new(),
        "compacted" => new() { KeysRequired = true },
        "small" => new() { MaxMessageBytes = 200 },
        "append-time" => new() { TimestampType = TimestampType.LogAppendTime },
        "strict-time" => new() { TimestampBeforeMaxMs = 1_000_000, TimestampAfterMaxMs = 1_000_000 },
        _ when name.StartsWith("codec-", StringComparison.Ordinal) && CompressionTypes.TryParse(name[6..], out CompressionType? codec) =>
            new() { Compression = codec },
        _ => null,
    };

    // Acks, topics and transactional ids are looked at before and after the batch, elsewhere.
    private static bool IsOfBatch(JsonElement produce) =>
        produce.TryGetProperty("errorCode", out JsonElement error) && (ErrorCode)error.GetInt16() is not (
            ErrorCode.InvalidRequiredAcks
            or ErrorCode.UnknownTopicOrPartition
            or ErrorCode.InvalidTopicException
            or ErrorCode.TransactionalIdAuthorizationFailed
            or ErrorCode.InvalidProducerIdMapping);

    private static string? Refused(ProduceFailure failure, ErrorCode kafka, JsonElement produce)
    {
        if (failure.Error != kafka) return $"{failure.Error} ({failure.Reason}) instead of {kafka}";
        if (produce.GetProperty("errorMessage").GetBoolean() != (failure.ErrorMessage is not null)) return $"error message '{failure.ErrorMessage}'";
        IEnumerable<int> blamed = produce.TryGetProperty("recordErrors", out JsonElement errors) ? errors.EnumerateArray().Select(index => index.GetInt32()) : [];
        return blamed.SequenceEqual(failure.RecordErrors.Select(error => error.BatchIndex))
            ? null
            : $"record errors {string.Join(',', failure.RecordErrors.Select(error => error.BatchIndex))} instead of {string.Join(',', blamed)}";
    }

    private static string? Stored(in ValidatedBatch batch, ProduceValidationOptions options, JsonElement root)
    {
        // Without the stored bytes (an acks=0 request, or one whose records were not fetched) being accepted is all there is to compare.
        if (!root.TryGetProperty("storedBatches", out JsonElement stored)) return null;
        bool appendTime = options.TimestampType == TimestampType.LogAppendTime;
        if (root.GetProperty("produce").GetProperty("logAppendTime").GetBoolean() != appendTime) return "log append time";
        JsonElement first = stored[0];
        AssignedBatch assigned = ProduceValidator.AssignOffsets(
            batch,
            new(root.GetProperty("produce").GetProperty("baseOffset").GetInt64()),
            new(first.GetProperty("partitionLeaderEpoch").GetInt32()),
            appendTime ? first.GetProperty("maxTimestamp").GetInt64() : root.GetProperty("now").GetInt64());
        byte[] bytes = batch.Bytes.ToArray();
        Comparison compare = new(first);
        compare.Number("baseOffset", assigned.BaseOffset.Value);
        compare.Number("lastOffset", assigned.LastOffset.Value);
        compare.Number("maxTimestamp", assigned.MaxTimestampMs);
        if (compare.First is { } difference) return difference;
        if (!batch.IsReencoded && Convert.ToHexStringLower(bytes) != root.GetProperty("stored").GetString()) return "the stored bytes differ";
        return GoldenBatch.Difference(bytes, stored, sameBytes: !batch.IsReencoded);
    }
}
