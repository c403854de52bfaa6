using Moldau.Broker.Handlers;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Network;

/// <summary>
/// Makes a request of a frame: header, handler, body. One per connection, used by its read loop; it keeps the header and the strings seen lately, so that
/// decoding a request like the last one takes no memory.
/// </summary>
internal sealed class RequestDecoder(HandlerTable handlers, Listeners listener, ClientConnection connection)
{
    private readonly RequestHeader header = new();
    private StringCache? strings;

    /// <summary>The request, decoded and ready for its handler.</summary>
    /// <exception cref="RefusedRequestException">The API or version is not served here: Kafka closes the connection without an answer.</exception>
    /// <exception cref="WireFormatException">The header or body is not what its version says.</exception>
    public RequestContext Decode(ReadOnlyMemory<byte> frame)
    {
        var reader = new WireReader(frame, strings ??= new StringCache());
        short key = reader.ReadInt16(), version = reader.ReadInt16();
        ApiHandler? handler = handlers.Find(key, listener);
        if (handler is null) throw new RefusedRequestException(key, version);
        if (version < handler.MinVersion || version > handler.MaxVersion)
        {
            if (handler.Key == ApiKey.ApiVersions) return UnknownApiVersion(handler, reader.ReadInt32());
            throw new RefusedRequestException(key, version);
        }

        RequestContext context = handler.Rent(connection);
        try
        {
            DecodeInto(context, frame, version);
            return context;
        }
        catch
        {
            context.Release();
            throw;
        }
    }

    // Bytes after the request's end are ignored, as Kafka does: nothing reads them.
    private void DecodeInto(RequestContext context, ReadOnlyMemory<byte> frame, short version)
    {
        bool flexible = context.RequestMessage.Schema.IsFlexible(version);
        var reader = new WireReader(frame, strings);
        header.Read(ref reader, flexible ? (short)2 : (short)1);
        context.Version = version;
        context.CorrelationId = header.CorrelationId;
        context.ClientId = header.ClientId;
        context.FrameBytes = frame.Length;
        context.RequestMessage.Read(ref reader, version);
    }

    // The version is one of the future: its header's layout up to the correlation id is known, what follows is not, and the body is left unread.
    private RequestContext UnknownApiVersion(ApiHandler handler, int correlationId)
    {
        RequestContext context = handler.Rent(connection);
        context.Version = 0;
        context.CorrelationId = correlationId;
        context.ClientId = null;
        context.IsUnknownApiVersion = true;
        context.RequestMessage.Reset();
        return context;
    }
}

/// <summary>An API, or a version of it, that is not served on this listener.</summary>
internal sealed class RefusedRequestException(short key, short version) : IOException($"API key {key} version {version} is not served here");
