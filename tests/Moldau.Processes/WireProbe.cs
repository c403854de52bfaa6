using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Moldau.Processes;

/// <summary>
/// The shortest way to an acknowledged record: Metadata v4, which creates the topic, and Produce v3 with acks=all, on one socket. It
/// writes its bytes itself and depends on no client, so that it measures the node and nothing else.
/// </summary>
public sealed class WireProbe(IPEndPoint endPoint) : IDisposable
{
    private const short Produce = 0, Metadata = 3;
    private Socket? _socket;
    private int _correlationId;

    /// <summary>One attempt to have one record acknowledged in partition 0 of a topic.</summary>
    /// <returns>False when nobody listens yet, the topic has no leader yet, or the node refuses for now.</returns>
    public async Task<bool> TryProduceAsync(string topic, CancellationToken token)
    {
        try
        {
            if (_socket == null)
            {
                _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await _socket.ConnectAsync(endPoint, token);
            }

            return HasLeader(await AskAsync(Metadata, 4, MetadataBody(topic), token)) && IsAcknowledged(await AskAsync(Produce, 3, ProduceBody(topic), token));
        }
        catch (Exception failure) when (failure is SocketException or EndOfStreamException)
        {
            Dispose();
            return false;
        }
    }

    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }

    private async Task<byte[]> AskAsync(short api, short version, byte[] body, CancellationToken token)
    {
        var request = new ProbeWriter().Int32(0).Int16(api).Int16(version).Int32(++_correlationId).String("probe").Raw(body);
        await _socket!.SendAsync(request.Framed(), token);
        byte[] size = await ReceiveAsync(4, token);
        int length = BinaryPrimitives.ReadInt32BigEndian(size);
        if (length is < 4 or > Limits.ProbeAnswerBytesMax) throw new InvalidDataException($"an answer of {length} bytes to API {api}");
        byte[] answer = await ReceiveAsync(length, token);
        return answer[4..];
    }

    private async Task<byte[]> ReceiveAsync(int length, CancellationToken token)
    {
        byte[] bytes = new byte[length];
        for (int got = 0; got < length;)
        {
            int received = await _socket!.ReceiveAsync(bytes.AsMemory(got), token);
            if (received == 0) throw new EndOfStreamException("the node closed the connection");
            got += received;
        }

        return bytes;
    }

    private static byte[] MetadataBody(string topic) => new ProbeWriter().Int32(1).String(topic).Int8(1).ToArray();

    private static byte[] ProduceBody(string topic)
    {
        byte[] batch = ProbeBatch.OneRecord("probe"u8);
        return new ProbeWriter().Int16(-1).Int16(-1).Int32(10_000).Int32(1).String(topic).Int32(1).Int32(0).Int32(batch.Length).Raw(batch).ToArray();
    }

    private static bool HasLeader(byte[] answer)
    {
        var reader = new ProbeReader(answer);
        reader.Int32();
        for (int brokers = reader.Int32(); brokers > 0; brokers--)
        {
            reader.Int32();
            reader.String();
            reader.Int32();
            reader.String();
        }

        reader.String();
        reader.Int32();
        if (reader.Int32() != 1 || reader.Int16() != 0) return false;
        reader.String();
        reader.Int8();
        // Partition 0 is not always the first of the list.
        for (int partitions = reader.Int32(); partitions > 0; partitions--)
        {
            short error = reader.Int16();
            int index = reader.Int32(), leader = reader.Int32();
            if (index == 0) return error == 0 && leader >= 0;
            for (int list = 0; list < 2; list++)
                for (int ids = reader.Int32(); ids > 0; ids--) reader.Int32();
        }

        return false;
    }

    private static bool IsAcknowledged(byte[] answer)
    {
        var reader = new ProbeReader(answer);
        if (reader.Int32() != 1) throw new InvalidDataException("a Produce answer without its topic");
        reader.String();
        if (reader.Int32() != 1) throw new InvalidDataException("a Produce answer without its partition");
        reader.Int32();
        return reader.Int16() == 0;
    }
}
