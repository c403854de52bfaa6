using System.Buffers.Binary;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Transport;

namespace Moldau.Broker.Tests.Nodes;

/// <summary>A client that sends exactly what a test says and reads frame by frame.</summary>
internal sealed class RawClient(IConnection connection, IScheduler scheduler)
{
    private readonly byte[] received = new byte[4 * 1024 * 1024];
    private int start, end, nextCorrelation;
    private Task<byte[]?>? pending;

    /// <summary>Sends a request and reads the next response as its answer.</summary>
    public async Task<TResponse> AskAsync<TResponse>(IRequest<TResponse> request, short version, string? clientId = "test")
        where TResponse : class, IResponse, new()
    {
        int correlation = await SendAsync(request, version, clientId);
        return await AnswerAsync<TResponse>(request.Key, version, correlation);
    }

    /// <summary>Sends a request; returns its correlation id.</summary>
    public async Task<int> SendAsync(IRequest request, short version, string? clientId = "test")
    {
        int correlation = nextCorrelation++;
        await SendBytesAsync(Encode(request, version, correlation, clientId));
        return correlation;
    }

    /// <summary>Sends bytes as they are.</summary>
    public async Task SendBytesAsync(byte[] bytes) => await connection.SendAsync([new WireSegment(bytes)], default);

    /// <summary>Reads the next response, which must be the one of this correlation id.</summary>
    public async Task<TResponse> AnswerAsync<TResponse>(ApiKey key, short version, int correlation)
        where TResponse : class, IResponse, new()
    {
        byte[]? frame = await ReadFrameAsync();
        Assert.NotNull(frame);
        var reader = new WireReader(frame);
        Assert.Equal(correlation, MessageFrame.ReadResponseHeader(ref reader, key, version));
        var response = new TResponse();
        response.Read(ref reader, version);
        Assert.Equal(0, reader.Remaining);
        return response;
    }

    /// <summary>The next frame without its size; null when the node has closed the connection.</summary>
    public Task<byte[]?> ReadFrameAsync()
    {
        Task<byte[]?> next = pending ?? ReadAsync();
        pending = null;
        return next;
    }

    private async Task<byte[]?> ReadAsync()
    {
        try
        {
            while (true)
            {
                if (end - start >= 4)
                {
                    int size = BinaryPrimitives.ReadInt32BigEndian(received.AsSpan(start));
                    if (end - start - 4 >= size)
                    {
                        byte[] frame = received[(start + 4)..(start + 4 + size)];
                        start += 4 + size;
                        if (start == end) start = end = 0;
                        return frame;
                    }
                }

                int count = await connection.ReceiveAsync(received.AsMemory(end), default);
                if (count == 0) return null;
                end += count;
            }
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Whether nothing comes from the node for a while. What comes later is still the next frame.</summary>
    public async Task<bool> IsSilentForAsync(TimeSpan time)
    {
        pending ??= ReadAsync();
        Task wait = scheduler.Delay(time);
        return await Task.WhenAny(pending, wait) == wait;
    }

    public ValueTask CloseAsync() => connection.DisposeAsync();

    /// <summary>A request's frame.</summary>
    public static byte[] Encode(IRequest request, short version, int correlation, string? clientId = "test")
    {
        using var writer = new WireWriter();
        MessageFrame.WriteRequest(writer, request, version, correlation, clientId);
        return writer.ToArray();
    }
}
