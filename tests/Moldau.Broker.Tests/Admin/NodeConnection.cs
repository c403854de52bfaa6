using System.Buffers.Binary;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Transport;

namespace Moldau.Broker.Tests.Admin;

/// <summary>A client's connection in its barest form: one request, one answer.</summary>
internal sealed class NodeConnection(IConnection connection)
{
    private int correlation;

    /// <summary>Sends a request and reads its answer.</summary>
    public async Task<TResponse> AskAsync<TResponse>(IRequest<TResponse> request, short version)
        where TResponse : IResponse, new()
    {
        using var writer = new WireWriter();
        MessageFrame.WriteRequest(writer, request, version, ++correlation, "test");
        await connection.SendAsync(writer.Segments, CancellationToken.None);
        byte[] size = await ReadAsync(sizeof(int));
        byte[] frame = await ReadAsync(BinaryPrimitives.ReadInt32BigEndian(size));
        return Parse<TResponse>(frame, request.Key, version);
    }

    private TResponse Parse<TResponse>(byte[] frame, ApiKey key, short version)
        where TResponse : IResponse, new()
    {
        var reader = new WireReader(frame);
        Assert.Equal(correlation, MessageFrame.ReadResponseHeader(ref reader, key, version));
        var response = new TResponse();
        response.Read(ref reader, version);
        return response;
    }

    private async Task<byte[]> ReadAsync(int count)
    {
        byte[] bytes = new byte[count];
        for (int at = 0; at < count;)
        {
            int received = await connection.ReceiveAsync(bytes.AsMemory(at), CancellationToken.None);
            if (received == 0) throw new IOException("the node closed the connection");
            at += received;
        }

        return bytes;
    }
}
