using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Load.Compare.Wire;

/// <summary>What makes a producer idempotent.</summary>
internal sealed record ProducerIdentity(long Id, short Epoch)
{
    private const short Version = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private const int Attempts = 300;

    /// <summary>Asks the broker for a new one; asks again while it cannot give any yet.</summary>
    public static async Task<ProducerIdentity> NewAsync(IPEndPoint endPoint)
    {
        byte[] request = EncodedRequest.Encode(new InitProducerIdRequest { TransactionalId = null, TransactionTimeoutMs = 60_000 }, Version);
        using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(endPoint);
        for (int attempt = 1; ; attempt++)
        {
            InitProducerIdResponse answer = await AskAsync(socket, request);
            if (answer.ErrorCode == (short)ErrorCode.None) return new ProducerIdentity(answer.ProducerId, answer.ProducerEpoch);
            if (attempt == Attempts) throw new ReplayException($"no producer id: {(ErrorCode)answer.ErrorCode}");
            await Task.Delay(Pause);
        }
    }

    private static async Task<InitProducerIdResponse> AskAsync(Socket socket, byte[] request)
    {
        await socket.SendAsync(request);
        byte[] size = await ReceiveAsync(socket, sizeof(int));
        byte[] frame = await ReceiveAsync(socket, Math.Min(BinaryPrimitives.ReadInt32BigEndian(size), Limits.AnswerBytesMax));
        return Read(frame);
    }

    private static InitProducerIdResponse Read(byte[] frame)
    {
        var reader = new WireReader(frame);
        MessageFrame.ReadResponseHeader(ref reader, ApiKey.InitProducerId, Version);
        var answer = new InitProducerIdResponse();
        answer.Read(ref reader, Version);
        return answer;
    }

    private static async Task<byte[]> ReceiveAsync(Socket socket, int length)
    {
        byte[] bytes = new byte[length];
        for (int got = 0; got < length;)
        {
            int count = await socket.ReceiveAsync(bytes.AsMemory(got));
            if (count == 0) throw new ReplayException("the broker closed a connection");
            got += count;
        }

        return bytes;
    }
}
