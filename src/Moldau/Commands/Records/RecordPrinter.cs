using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Moldau.Client.Consuming;
using Moldau.Protocol.Batches;

namespace Moldau.Commands.Records;

/// <summary>Writes records in one of the formats into a buffer, which is flushed now and then.</summary>
internal sealed class RecordPrinter(string format, byte[] keySeparator)
{
    private const int FlushBytes = 64 * 1024;
    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly ArrayBufferWriter<byte> buffer = new(FlushBytes);

    public void Print(in ConsumedRecord record)
    {
        switch (format)
        {
            case "json":
                PrintJson(record);
                break;
            case "raw":
                buffer.Write(record.Value.Span);
                return;
            case "key-value":
                buffer.Write(record.Key.Span);
                buffer.Write(keySeparator);
                buffer.Write(record.Value.Span);
                break;
            default:
                buffer.Write(record.Value.Span);
                break;
        }

        buffer.Write("\n"u8);
    }

    public void FlushTo(Stream target)
    {
        if (buffer.WrittenCount == 0) return;
        target.Write(buffer.WrittenSpan);
        target.Flush();
        buffer.ResetWrittenCount();
    }

    private void PrintJson(in ConsumedRecord record)
    {
        using var json = new Utf8JsonWriter(buffer, JsonOptions);
        json.WriteStartObject();
        json.WriteString("topic", record.Partition.Topic);
        json.WriteNumber("partition", record.Partition.Partition);
        json.WriteNumber("offset", record.Offset);
        json.WriteNumber("timestamp", record.TimestampMs);
        WriteBytes(json, "key", record.Key);
        WriteBytes(json, "value", record.Value);
        json.WriteStartArray("headers");
        foreach (RecordHeader header in record.Headers)
        {
            json.WriteStartObject();
            json.WriteString("key", header.KeyText);
            WriteBytes(json, "value", header.Value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    // Text as text; what is not UTF-8 under another name, so that nothing is lost or mistaken.
    private static void WriteBytes(Utf8JsonWriter json, string name, NullableBytes bytes)
    {
        if (!bytes.HasValue) json.WriteNull(name);
        else if (Utf8.IsValid(bytes.Span)) json.WriteString(name, bytes.Span);
        else json.WriteBase64String(name + "Base64", bytes.Span);
    }
}
