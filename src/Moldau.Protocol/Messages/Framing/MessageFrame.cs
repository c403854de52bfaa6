using System.Buffers.Binary;

namespace Moldau.Protocol.Messages;

/// <summary>Requests and responses as they travel: int32 size, header, message. Reading begins after the size, which the connection takes off.</summary>
public static class MessageFrame
{
    /// <summary>Bytes of the size in front of a frame.</summary>
    public const int SizeBytes = sizeof(int);

    /// <summary>Appends a request with size and header.</summary>
    /// <exception cref="MessageVersionException">As <see cref="IMessage.Write"/>; what was appended before is then good for nothing: reset the writer.</exception>
    public static void WriteRequest(WireWriter writer, IRequest request, short version, int correlationId, string? clientId)
    {
        WireWriter.FrameMark frame = writer.BeginFrame();
        writer.WriteInt16((short)request.Key);
        writer.WriteInt16(version);
        writer.WriteInt32(correlationId);
        // The flexible header keeps the int16 length, so that any broker can read it before it knows the version.
        writer.WriteNullableString(clientId, false);
        if (request.Schema.IsFlexible(version)) writer.WriteTags(null);
        request.Write(writer, version);
        writer.EndFrame(frame);
    }

    /// <summary>Appends a response with size and header.</summary>
    /// <exception cref="MessageVersionException">As <see cref="WriteRequest"/>.</exception>
    public static void WriteResponse(WireWriter writer, IResponse response, short version, int correlationId)
    {
        WireWriter.FrameMark frame = writer.BeginFrame();
        writer.WriteInt32(correlationId);
        if (ResponseHeaderVersion(response.Key, version) > 0) writer.WriteTags(null);
        response.Write(writer, version);
        writer.EndFrame(frame);
    }

    /// <summary>Looks at what every request header begins with; false when the bytes are too few for it.</summary>
    public static bool TryPeek(ReadOnlySpan<byte> frame, out ApiKey key, out short version, out int correlationId)
    {
        (key, version, correlationId) = (default, 0, 0);
        if (frame.Length < 8) return false;
        key = (ApiKey)BinaryPrimitives.ReadInt16BigEndian(frame);
        version = BinaryPrimitives.ReadInt16BigEndian(frame[2..]);
        correlationId = BinaryPrimitives.ReadInt32BigEndian(frame[4..]);
        return true;
    }

    /// <summary>Reads the header of a request into <paramref name="header"/>. A key or version that is not known is read as its neighbours would be.</summary>
    /// <exception cref="WireFormatException">It is no such header.</exception>
    public static void ReadRequestHeader(ref WireReader reader, RequestHeader header)
    {
        short headerVersion = TryPeek(reader.Unread, out ApiKey key, out short version, out _) ? RequestHeaderVersion(key, version) : RequestHeader.LowestVersion;
        header.Read(ref reader, headerVersion);
    }

    /// <summary>Reads the header of a response and returns its correlation id.</summary>
    /// <exception cref="WireFormatException">It is no such header.</exception>
    public static int ReadResponseHeader(ref WireReader reader, ApiKey key, short version)
    {
        WireCheck.Run(ResponseHeader.SchemaOf, ResponseHeaderVersion(key, version), reader.Unread, reader.Position);
        int correlationId = reader.ReadInt32();
        if (ResponseHeaderVersion(key, version) > 0) reader.ReadUnknownTags();
        return correlationId;
    }

    /// <summary>The version of the header before a request: 2 with tagged fields, else 1.</summary>
    public static short RequestHeaderVersion(ApiKey key, short version) =>
        MessageCatalog.SchemaOfRequest(key) is { } schema && schema.IsFlexible(version) ? (short)2 : (short)1;

    /// <summary>The version of the header before a response: 1 with tagged fields, else 0; always 0 for ApiVersions, whose client may not know the version it is answered in.</summary>
    public static short ResponseHeaderVersion(ApiKey key, short version) =>
        key != ApiKey.ApiVersions && RequestHeaderVersion(key, version) == 2 ? (short)1 : (short)0;
}
