using System.Text.Json;

namespace Moldau.Protocol.Batches.Golden;

/// <summary>Compares what reading odd bytes gives with a golden <c>read</c>: in three passes, as it was made, so that a fault is met at the same stage.</summary>
internal static class GoldenRead
{
    public static string? Difference(byte[] bytes, JsonElement expected)
    {
        int batches = 0;
        int records = 0;
        RecordFormatError? error = null;
        try
        {
            foreach (ReadOnlyMemory<byte> batch in Batches(bytes)) batches++;
            foreach (ReadOnlyMemory<byte> batch in Batches(bytes)) RecordBatch.EnsureValid(batch.Span);
            foreach (ReadOnlyMemory<byte> batch in Batches(bytes))
            {
                foreach (Record record in RecordReader.Open(batch)) records++;
            }
        }
        catch (RecordFormatException damage)
        {
            error = damage.Error;
        }

        string actual = error is { } kind ? Describe(kind) : $"{batches} batches, {records} records";
        string wanted = expected.GetProperty("ok").GetBoolean()
            ? $"{expected.GetProperty("batches").GetInt32()} batches, {expected.GetProperty("records").GetInt32()} records"
            : Describe(expected.GetProperty("stage").GetString()!, expected.GetProperty("exception").GetString()!);
        return actual == wanted ? null : $"expected {wanted}, got {actual}";
    }

    /// <summary>The whole batches that <paramref name="bytes"/> begin with.</summary>
    public static List<ReadOnlyMemory<byte>> Batches(byte[] bytes)
    {
        List<ReadOnlyMemory<byte>> found = [];
        RecordBatchEnumerator batches = new(bytes);
        while (batches.MoveNextOrThrow()) found.Add(bytes.AsMemory(batches.Position, batches.Current.SizeInBytes));
        return found;
    }

    private static string Describe(RecordFormatError error) => error switch
    {
        RecordFormatError.Batch => "damage of the batch",
        RecordFormatError.Checksum => "damage by checksum",
        RecordFormatError.Record => "damage of records",
        _ => "damage of compressed data",
    };

    private static string Describe(string stage, string exception) => stage switch
    {
        "batches" => Describe(RecordFormatError.Batch),
        "ensureValid" => Describe(RecordFormatError.Checksum),
        _ => Describe(exception == "InvalidRecordException" ? RecordFormatError.Record : RecordFormatError.Compression),
    };
}
