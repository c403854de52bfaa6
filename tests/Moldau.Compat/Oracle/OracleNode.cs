using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Moldau.Processes;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Compat.Oracle;

/// <summary>One of the two nodes, asked on one connection that is opened again when the node closed it. Not thread-safe.</summary>
internal sealed class OracleNode(NodeProcess process) : IDisposable
{
    /// <summary>In the place of an answer: the node stayed silent.</summary>
    public const string NoAnswer = "no answer";

    private const int AnswerBytesMax = 64 * 1024 * 1024;
    // Reached only by a node that will not answer: a busy machine makes a healthy one slow, not silent.
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(30);
    private readonly Dictionary<string, JsonNode?> _kept = [];
    private Socket? _socket;
    private int _correlationId;

    public NodeProcess Process { get; } = process;

    /// <summary>Sends a case at a version.</summary>
    /// <returns>The answer's JSON form; or a text: the connection closed, or lives on, or stays silent.</returns>
    /// <exception cref="ProgramFailedException">The node has ended.</exception>
    public async Task<JsonNode> AskAsync(OracleCase asked, short version, CancellationToken token)
    {
        short at = asked.FixedVersion ?? version;
        byte[] frame = asked.RawBody is { } raw
            ? RawFrame(asked.RawApi ?? (short)asked.Api, at, Convert.FromHexString(raw))
            : Frame(RequestForm.Complete(asked.Api, at, (JsonObject)CaseText.Fill(asked.Body, version, _kept)!), at);
        JsonNode answer = await AnswerAsync(frame, asked.IsOneWay, asked.Api, at, token);
        foreach ((string name, string path) in asked.Kept) _kept[name] = At(answer, path);
        return answer;
    }

    /// <summary>A text of a case with what stands for something else filled in.</summary>
    public JsonNode Filled(JsonNode text, short version) => CaseText.Fill(text, version, _kept)!;

    /// <summary>Asks with a request that is made here.</summary>
    public Task<JsonNode> AskAsync(IRequest request, short version, CancellationToken token) =>
        AnswerAsync(Frame(request, version), false, request.Key, version, token);

    public void Dispose()
    {
        _socket?.Dispose();
        _socket = null;
    }

    private async Task<JsonNode> AnswerAsync(byte[] frame, bool oneWay, ApiKey api, short version, CancellationToken token)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(token);
        deadline.CancelAfter(AnswerTime);
        try
        {
            if (_socket == null)
            {
                _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await _socket.ConnectAsync(Process.EndPoint, deadline.Token);
            }

            await _socket.SendAsync(frame, deadline.Token);
            if (oneWay)
            {
                await _socket.SendAsync(Frame(new ApiVersionsRequest(), 0), deadline.Token);
                await ReceiveFrameAsync(deadline.Token);
                return "the connection lives on";
            }

            return Decode(await ReceiveFrameAsync(deadline.Token), api, version);
        }
        catch (Exception failure) when (failure is SocketException or EndOfStreamException)
        {
            Dispose();
            if (!Process.IsRunning) throw new ProgramFailedException($"{Process.Program.Name} has ended:\n{Process.Log}");
            return "the connection closed";
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            Dispose();
            return NoAnswer;
        }
    }

    private static JsonNode Decode(byte[] frame, ApiKey api, short version)
    {
        var reader = new WireReader(frame);
        MessageFrame.ReadResponseHeader(ref reader, api, version);
        IResponse response = MessageCatalog.CreateResponse(api)!;
        // A version of ApiVersions that the node does not serve is answered at version 0.
        short answered = response.Schema.Versions.Contains(version) ? version : (short)0;
        response.Read(ref reader, answered);
        return response.ToJson(answered);
    }

    private byte[] Frame(IRequest request, short version)
    {
        using var writer = new WireWriter();
        MessageFrame.WriteRequest(writer, request, version, ++_correlationId, "oracle");
        return writer.ToArray();
    }

    private byte[] RawFrame(short api, short version, byte[] body)
    {
        byte[] frame = new byte[20 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - 4);
        BinaryPrimitives.WriteInt16BigEndian(frame.AsSpan(4), api);
        BinaryPrimitives.WriteInt16BigEndian(frame.AsSpan(6), version);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(8), ++_correlationId);
        BinaryPrimitives.WriteInt16BigEndian(frame.AsSpan(12), 6);
        "oracle"u8.CopyTo(frame.AsSpan(14));
        body.CopyTo(frame.AsSpan(20));
        return frame;
    }

    private async Task<byte[]> ReceiveFrameAsync(CancellationToken token)
    {
        int size = BinaryPrimitives.ReadInt32BigEndian(await ReceiveAsync(4, token));
        if (size is < 4 or > AnswerBytesMax) throw new InvalidDataException($"an answer of {size} bytes");
        return await ReceiveAsync(size, token);
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

    private static JsonNode? At(JsonNode? node, string path)
    {
        foreach (string step in path.Split('.'))
            node = node is JsonArray items ? items[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)] : node is JsonObject members ? members[step] : null;
        return node?.DeepClone();
    }
}
