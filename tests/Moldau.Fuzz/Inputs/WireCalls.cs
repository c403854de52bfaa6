using System.Buffers.Binary;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Transport;

namespace Moldau.Fuzz.Inputs;

/// <summary>Requests and their answers, one after another, on one connection.</summary>
internal sealed class WireCalls(IConnection connection) : IAsyncDisposable
{
    private int correlationId;

    public async Task<TResponse> AskAsync<TResponse>(IRequest<TResponse> request, short version)
        where TResponse : IResponse, new()
    {
        using (var writer = new WireWriter())
        {
            MessageFrame.WriteRequest(writer, request, version, ++correlationId, "fuzz");
            await connection.SendAsync([new WireSegment(writer.ToArray())], CancellationToken.None);
        }

        byte[] frame = await ReceiveAsync(BinaryPrimitives.ReadInt32BigEndian(await ReceiveAsync(4)));
        var reader = new WireReader(frame);
        MessageFrame.ReadResponseHeader(ref reader, request.Key, version);
        var response = new TResponse();
        response.Read(ref reader, version);
        return response;
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private async Task<byte[]> ReceiveAsync(int length)
    {
        byte[] bytes = new byte[length];
        for (int got = 0; got < length;)
        {
            int count = await connection.ReceiveAsync(bytes.AsMemory(got), CancellationToken.None);
            if (count == 0) throw new EndOfStreamException("the node has closed the connection");
            got += count;
        }

        return bytes;
    }
}
