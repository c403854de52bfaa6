using System.Text.Json;
using System.Text.Json.Nodes;
using Moldau.Protocol.Messages;

namespace Moldau.Protocol.Golden;

/// <summary>One golden case of a message. What the line holds says which kind it is.</summary>
internal static class GoldenCase
{
    /// <summary>What is wrong; null when the case comes out as it should, or is refused on purpose where Kafka is laxer.</summary>
    public static string? Fault(JsonElement line, out bool stricter)
    {
        stricter = false;
        string name = line.GetProperty("m").GetString()!;
        if (MessageCatalog.Create(name) is not { } message) return "no such message";
        short version = line.GetProperty("v").GetInt16();
        try
        {
            return line.TryGetProperty("path", out _) ? RefusalFault(line, message, version)
                : line.TryGetProperty("outcome", out JsonElement outcome) ? MutationFault(line, outcome.GetString() == "refused", message, version, out stricter)
                : line.TryGetProperty("correlationId", out _) ? GoldenFrame.Fault(line, message, version)
                : MessageFault(line, message, version);
        }
        catch (Exception error) when (error is WireFormatException or MessageVersionException or JsonException)
        {
            return error.Message;
        }
    }

    internal static byte[] Hex(JsonElement line, string property = "hex") => Convert.FromHexString(line.GetProperty(property).GetString()!);

    internal static string? Differ(byte[] expected, ReadOnlySpan<byte> actual, string what) =>
        actual.SequenceEqual(expected) ? null : $"{what}: {Short(Convert.ToHexStringLower(actual))} where {Short(Convert.ToHexStringLower(expected))} is due, from byte {actual.CommonPrefixLength(expected)} on";

    internal static string? Differ(JsonElement expected, JsonObject actual) =>
        JsonNode.DeepEquals(JsonObject.Create(expected), actual) ? null : $"read as {Short(actual.ToJsonString())} where {Short(expected.GetRawText())} is due";

    internal static byte[] Encode(Action<WireWriter> write)
    {
        using var writer = new WireWriter();
        write(writer);
        return writer.ToArray();
    }

    private static string? MessageFault(JsonElement line, IMessage message, short version)
    {
        byte[] bytes = Hex(line);
        JsonElement json = line.GetProperty("json");
        var reader = new WireReader(bytes);
        message.Read(ref reader, version);
        if (reader.Remaining > 0) return $"{reader.Remaining} bytes left";
        IMessage fromJson = MessageCatalog.Create(message.Schema.Name)!;
        fromJson.ReadJson(json, version);
        return Differ(json, message.ToJson(version))
            ?? Differ(bytes, Encode(writer => message.Write(writer, version)), "written again")
            ?? Differ(bytes, Encode(writer => fromJson.Write(writer, version)), "written from JSON")
            ?? (line.TryGetProperty("framed", out _) ? GoldenFrame.RecordFault(line, message, version) : null);
    }

    private static string? RefusalFault(JsonElement line, IMessage message, short version)
    {
        message.ReadJson(line.GetProperty("json"), version);
        bool refused = line.GetProperty("outcome").GetString() == "refused";
        try
        {
            byte[] written = Encode(writer => message.Write(writer, version));
            return refused ? "written, and should be refused" : Differ(Hex(line), written, "written without the field");
        }
        catch (MessageVersionException error) when (!refused)
        {
            return $"refused, and the field should be dropped: {error.Message}";
        }
        catch (MessageVersionException)
        {
            return null;
        }
    }

    private static string? MutationFault(JsonElement line, bool refused, IMessage message, short version, out bool stricter)
    {
        stricter = false;
        var reader = new WireReader(Hex(line));
        try
        {
            message.Read(ref reader, version);
        }
        catch (WireFormatException error)
        {
            stricter = !refused && error.KafkaReadsOn;
            return refused || stricter ? null : $"refused, and Kafka reads it: {error.Message}";
        }

        if (refused) return "read, and should be refused";
        int left = line.GetProperty("left").GetInt32();
        if (reader.Remaining != left) return $"{reader.Remaining} bytes left, {left} due";
        JsonObject expected = JsonObject.Create(line.GetProperty("json"))!;
        JsonObject actual = message.ToJson(version);
        GoldenOmissions.Remove(expected, message.Schema.Fields);
        GoldenOmissions.Remove(actual, message.Schema.Fields);
        return JsonNode.DeepEquals(expected, actual) ? null : $"read as {Short(actual.ToJsonString())} where {Short(expected.ToJsonString())} is due";
    }

    private static string Short(string text) => text.Length <= 400 ? text : text[..400] + "…";
}
