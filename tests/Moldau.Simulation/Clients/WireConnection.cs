using System.Buffers.Binary;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Transport;
using Moldau.Simulated;

namespace Moldau.Simulation.Clients;

/// <summary>
/// A client's connection without any of a real client's cleverness: what is sent, and when, is the scenario's choice. Requests may be sent ahead;
/// answers are received in the order of the requests. Whatever goes wrong is an <see cref="IOException"/>, and ends the connection.
/// </summary>
internal sealed class WireConnection : IAsyncDisposable
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(40);

    private readonly SimulatedProcess process;
    private readonly IConnection connection;
    private readonly Queue<(ApiKey Key, short Version, int CorrelationId)> unanswered = new();
    private int lastCorrelationId;

    private WireConnection(SimulatedProcess process, IConnection connection)
    {
        this.process = process;
        this.connection = connection;
    }

    /// <summary>Requests that wait for their answers.</summary>
    public int Unanswered => unanswered.Count;

    public static async Task<WireConnection> OpenAsync(SimulatedProcess process, string host, int port) =>
        new(process, await process.Transport.ConnectAsync(host, port, CancellationToken.None));

    /// <summary>Sends a request and receives its answer; nothing else may be under way.</summary>
    public async Task<TResponse> AskAsync<TResponse>(IRequest<TResponse> request, short version)
        where TResponse : IResponse, new()
    {
        Invariant.That(unanswered.Count == 0);
        await SendAsync(request, version);
        return await ReceiveAsync<TResponse>();
    }

    /// <summary>Sends a request.</summary>
    public async Task SendAsync(IRequest request, short version)
    {
        int correlationId = ++lastCorrelationId;
        unanswered.Enqueue((request.Key, version, correlationId));
        using WireWriter writer = new();
        MessageFrame.WriteRequest(writer, request, version, correlationId, process.Host.Name);
        await connection.SendAsync([new WireSegment(writer.ToArray())], CancellationToken.None);
    }

    /// <summary>Receives the answer to the oldest request that has none.</summary>
    public async Task<TResponse> ReceiveAsync<TResponse>()
        where TResponse : IResponse, new()
    {
        (ApiKey key, short version, int correlationId) = unanswered.Dequeue();
        byte[] frame = await ReceiveFrameAsync();
        try
        {
            return Decode<TResponse>(frame, key, version, correlationId);
        }
        catch (WireFormatException damaged)
        {
            throw new BrokenPromiseException($"the answer to {key} v{version} cannot be read: {damaged.Message}", damaged);
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private TResponse Decode<TResponse>(byte[] frame, ApiKey key, short version, int correlationId)
        where TResponse : IResponse, new()
    {
        WireReader reader = new(frame);
        int answered = MessageFrame.ReadResponseHeader(ref reader, key, version);
        if (answered != correlationId) throw new BrokenPromiseException($"{key} {correlationId} of {process.Host.Name} got the answer to request {answered}");
        TResponse response = new();
        response.Read(ref reader, version);
        if (reader.Remaining > 0) throw new BrokenPromiseException($"{reader.Remaining} bytes are left after the answer to {key} v{version}");
        return response;
    }

    private async Task<byte[]> ReceiveFrameAsync()
    {
        using CancellationTokenSource limit = new(AnswerTimeout, process.Scheduler.Time);
        try
        {
            byte[] size = new byte[MessageFrame.SizeBytes];
            await FillAsync(size, limit.Token);
            byte[] frame = new byte[BinaryPrimitives.ReadInt32BigEndian(size)];
            await FillAsync(frame, limit.Token);
            return frame;
        }
        catch (OperationCanceledException)
        {
            connection.Abort();
            throw new IOException($"no answer within {AnswerTimeout}");
        }
    }

    private async Task FillAsync(Memory<byte> target, CancellationToken cancellation)
    {
        while (target.Length > 0)
        {
            int count = await connection.ReceiveAsync(target, cancellation);
            if (count == 0) throw new IOException("the node has closed the connection");
            target = target[count..];
        }
    }
}
