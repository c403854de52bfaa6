using System.Text.Json;
using Moldau.Protocol.Messages;

namespace Moldau.Protocol.Golden;

/// <summary>Golden cases of messages with what stands in front of them: headers, and the frames of records.</summary>
internal static class GoldenFrame
{
    /// <summary>A request or response with size and header.</summary>
    public static string? Fault(JsonElement line, IMessage message, short version)
    {
        byte[] bytes = GoldenCase.Hex(line);
        int correlationId = line.GetProperty("correlationId").GetInt32();
        var reader = new WireReader(bytes);
        int size = reader.ReadInt32();
        if (size != reader.Remaining) return $"size {size}, {reader.Remaining} bytes follow";
        string? header = message is IRequest request
            ? RequestHeaderFault(line, request, ref reader, version, correlationId)
            : ResponseHeaderFault(line, (IResponse)message, ref reader, version, correlationId);
        if (header is not null) return header;
        message.Read(ref reader, version);
        if (reader.Remaining > 0) return $"{reader.Remaining} bytes left";
        return GoldenCase.Differ(line.GetProperty("json"), message.ToJson(version))
            ?? GoldenCase.Differ(bytes, GoldenCase.Encode(writer => Write(writer, line, message, version, correlationId)), "frame written again");
    }

    /// <summary>A message as it stands inside a record.</summary>
    public static string? RecordFault(JsonElement line, IMessage message, short version)
    {
        byte[] framed = GoldenCase.Hex(line, "framed");
        byte[] written = GoldenCase.Encode(writer =>
        {
            if (message.Schema.Type == "coordinator-key") RecordFraming.WriteCoordinatorKey(writer, message);
            else if (message.Schema.Type == "metadata") RecordFraming.WriteMetadata(writer, message, version);
            else RecordFraming.WriteVersioned(writer, message, version);
        });
        IMessage read = ReadRecord(message.Schema, framed, out short readVersion);
        if (readVersion != version) return $"framed: read as version {readVersion}";
        return GoldenCase.Differ(framed, written, "framed") ?? GoldenCase.Differ(line.GetProperty("json"), read.ToJson(version));
    }

    private static IMessage ReadRecord(MessageSchema schema, byte[] framed, out short version)
    {
        CoordinatorKind coordinator = schema.Kind switch
        {
            "group-coordinator" => CoordinatorKind.Group,
            "transaction-coordinator" => CoordinatorKind.Transaction,
            _ => CoordinatorKind.Share,
        };
        version = 0;
        IMessage message = MessageCatalog.Create(schema.Name)!;
        switch (schema.Type)
        {
            case "coordinator-key":
                return RecordFraming.ReadCoordinatorKey(coordinator, framed)!;
            case "coordinator-value":
                return RecordFraming.ReadCoordinatorValue(coordinator, message, framed, out version);
            case "metadata":
                return schema.Kind == "storage" ? RecordFraming.ReadRemoteLog(framed, out version) : RecordFraming.ReadMetadata(framed, out version);
            default:
                version = schema.Name.StartsWith("ConsumerProtocol", StringComparison.Ordinal)
                    ? RecordFraming.ReadConsumerProtocol(framed, message)
                    : RecordFraming.ReadVersioned(framed, message);
                return message;
        }
    }

    private static string? RequestHeaderFault(JsonElement line, IRequest request, ref WireReader reader, short version, int correlationId)
    {
        var header = new RequestHeader();
        short headerVersion = MessageFrame.RequestHeaderVersion(request.Key, version);
        MessageFrame.ReadRequestHeader(ref reader, header);
        bool same = header.RequestApiKey == (short)request.Key && header.RequestApiVersion == version && header.CorrelationId == correlationId
            && header.ClientId == line.GetProperty("clientId").GetString() && headerVersion == line.GetProperty("headerVersion").GetInt16();
        return same ? null : $"header read as {header.ToJson(headerVersion).ToJsonString()}, v{headerVersion}";
    }

    private static string? ResponseHeaderFault(JsonElement line, IResponse response, ref WireReader reader, short version, int correlationId)
    {
        short headerVersion = MessageFrame.ResponseHeaderVersion(response.Key, version);
        int read = MessageFrame.ReadResponseHeader(ref reader, response.Key, version);
        return read == correlationId && headerVersion == line.GetProperty("headerVersion").GetInt16() ? null : $"header read as {read}, v{headerVersion}";
    }

    private static void Write(WireWriter writer, JsonElement line, IMessage message, short version, int correlationId)
    {
        if (message is IRequest request) MessageFrame.WriteRequest(writer, request, version, correlationId, line.GetProperty("clientId").GetString());
        else MessageFrame.WriteResponse(writer, (IResponse)message, version, correlationId);
    }
}
