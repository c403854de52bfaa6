using System.Security.Cryptography;
using System.Text.Json;

namespace Moldau.Protocol.Batches.Golden;

/// <summary>Compares decoded records with their golden description.</summary>
internal static class GoldenRecord
{
    /// <summary>What differs; null when nothing does.</summary>
    public static string? Difference(Record record, JsonElement expected)
    {
        Comparison compare = new(expected);
        compare.Number("offset", record.Offset.Value);
        compare.Number("timestamp", record.TimestampMs);
        compare.Number("size", record.SizeInBytes);
        if (expected.TryGetProperty("sequence", out _)) compare.Number("sequence", record.Sequence);
        string? difference = compare.First ?? Bytes("key", record.Key, expected) ?? Bytes("value", record.Value, expected);
        if (difference is not null) return difference;
        if (expected.TryGetProperty("headers", out JsonElement headers)) difference = Headers(record.Headers, headers);
        return difference ?? (expected.TryGetProperty("control", out JsonElement control) ? Control(record, control) : null);
    }

    /// <summary>Whether two records are the same but for their size.</summary>
    public static bool Same(Record left, Record right)
    {
        if (left.Offset != right.Offset || left.TimestampMs != right.TimestampMs || left.Sequence != right.Sequence) return false;
        if (left.Key != right.Key || left.Value != right.Value || left.Headers.Count != right.Headers.Count) return false;
        RecordHeaders.Enumerator others = right.Headers.GetEnumerator();
        foreach (RecordHeader header in left.Headers)
        {
            if (!others.MoveNext() || !header.Key.Span.SequenceEqual(others.Current.Key.Span) || header.Value != others.Current.Value) return false;
        }

        return true;
    }

    private static string? Bytes(string name, NullableBytes actual, JsonElement expected)
    {
        if (!expected.TryGetProperty(name, out JsonElement hex))
        {
            int length = expected.GetProperty(name + "Length").GetInt32();
            string sha256 = expected.GetProperty(name + "Sha256").GetString()!;
            return actual.Length == length && Convert.ToHexStringLower(SHA256.HashData(actual.Span)) == sha256 ? null : $"{name} differs";
        }

        return Text(actual) == hex.GetString() ? null : $"{name} is {Text(actual) ?? "null"} instead of {hex.GetString() ?? "null"}";
    }

    private static string? Headers(RecordHeaders actual, JsonElement expected)
    {
        if (actual.Count != expected.GetArrayLength()) return $"{actual.Count} headers instead of {expected.GetArrayLength()}";
        int index = 0;
        foreach (RecordHeader header in actual)
        {
            JsonElement pair = expected[index];
            if (header.KeyText != pair[0].GetString() || Text(header.Value) != pair[1].GetString()) return $"header {index} differs";
            index++;
        }

        return null;
    }

    private static string? Control(Record record, JsonElement expected)
    {
        Comparison compare = new(expected);
        compare.Number("typeId", (long?)record.ControlType ?? -1);
        if (expected.TryGetProperty("coordinatorEpoch", out _)) compare.Number("coordinatorEpoch", ControlBatch.CoordinatorEpoch(record.Value.Span));
        return compare.First;
    }

    private static string? Text(NullableBytes bytes) => bytes.HasValue ? Convert.ToHexStringLower(bytes.Span) : null;
}
