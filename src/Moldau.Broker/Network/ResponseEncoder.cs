using Moldau.Protocol;

namespace Moldau.Broker.Network;

/// <summary>Writes a response's frame: size, header, body.</summary>
internal static class ResponseEncoder
{
    public static void Encode(RequestContext context, WireWriter writer)
    {
        short version = context.IsUnknownApiVersion ? (short)0 : context.Version;
        WireWriter.FrameMark frame = writer.BeginFrame();
        writer.WriteInt32(context.CorrelationId);
        // The header of an ApiVersions response never has tagged fields: the client does not know yet what the server speaks.
        if (context.Handler.Key != ApiKey.ApiVersions && context.ResponseMessage.Schema.IsFlexible(version)) writer.WriteUnsignedVarint(0);
        context.ResponseMessage.Write(writer, version);
        writer.EndFrame(frame);
    }
}
