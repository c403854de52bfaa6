using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Network;

/// <summary>Writes a response's frame: size, header, body.</summary>
internal static class ResponseEncoder
{
    public static void Encode(RequestContext context, WireWriter writer)
    {
        short version = context.IsUnknownApiVersion ? (short)0 : context.Version;
        MessageFrame.WriteResponse(writer, context.ResponseMessage, version, context.CorrelationId);
    }
}
