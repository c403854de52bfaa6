using System.Buffers.Binary;
using Moldau.Fuzz.Inputs;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Transport;
using Moldau.Simulated;

namespace Moldau.Fuzz.Targets;

/// <summary>
/// A broker that is none. It says honestly what it speaks and where the one partition is, most of the time, so that its clients go on to ask for more; the rest of
/// its answers are random messages, some of them damaged, cut short, or followed by the end of the connection.
/// </summary>
internal sealed class LyingBroker(IScheduler scheduler, ITransport transport, SeededRandom random) : IDisposable
{
    private const int FrameBytesMax = 1 << 20;

    private readonly IListener listener = transport.Listen("127.0.0.1", 0);

    public int Port => listener.Local.Port;

    public async Task RunAsync()
    {
        while (await listener.AcceptAsync(CancellationToken.None) is { } connection)
        {
            SeededRandom own = random.Fork();
            _ = scheduler.Start("answers", () => AnswerAsync(connection, own));
        }
    }

    public void Dispose() => listener.Dispose();

    private async Task AnswerAsync(IConnection connection, SeededRandom random)
    {
        try
        {
            while (await ReceiveAsync(connection, 4) is { } size && await ReceiveAsync(connection, BinaryPrimitives.ReadInt32BigEndian(size)) is { } frame)
            {
                byte[] answer = Answer(frame, random);
                if (random.Chance(100)) answer = Mutator.Mutate([answer], random);
                await connection.SendAsync([new WireSegment(answer)], CancellationToken.None);
                if (random.Chance(50)) break;
            }
        }
        catch (IOException)
        {
            // The client has had enough.
        }

        await connection.DisposeAsync();
    }

    private byte[] Answer(byte[] frame, SeededRandom random)
    {
        if (!MessageFrame.TryPeek(frame, out ApiKey key, out short version, out int correlation)) return [];
        using var writer = new WireWriter();
        MessageFrame.WriteResponse(writer, random.Chance(800) ? Honest(key, version, random) : Random(key, version, random), version, correlation);
        byte[] answer = writer.ToArray();
        // Damage inside the frame, its size put right: else most of it would end as a frame of another size.
        if (!random.Chance(250)) return answer;
        byte[] body = Mutator.Mutate([answer[8..]], random);
        byte[] whole = [.. answer[..8], .. body];
        BinaryPrimitives.WriteInt32BigEndian(whole, whole.Length - 4);
        return whole;
    }

    private IResponse Honest(ApiKey key, short version, SeededRandom random)
    {
        switch (key)
        {
            case ApiKey.ApiVersions:
                var versions = new ApiVersionsResponse();
                foreach (MessageSchema schema in MessageCatalog.All.Where(schema => schema.Type == "request" && !schema.Versions.IsEmpty))
                    versions.ApiKeys.Add(new ApiVersionsResponse.ApiVersion { ApiKey = schema.Key!.Value, MinVersion = schema.Versions.Lowest, MaxVersion = schema.HighestStableVersion });
                return versions;
            case ApiKey.Metadata:
                var metadata = new MetadataResponse { ClusterId = "c", ControllerId = 1 };
                metadata.Brokers.Add(new MetadataResponse.MetadataResponseBroker { NodeId = 1, Host = "127.0.0.1", Port = Port });
                metadata.Topics.Add(new MetadataResponse.MetadataResponseTopic
                {
                    Name = "t", TopicId = version >= 10 ? new Uuid(1, 1) : Uuid.Zero,
                    Partitions = [new() { PartitionIndex = 0, LeaderId = 1, LeaderEpoch = version >= 7 ? 0 : -1, ReplicaNodes = [1], IsrNodes = [1] }],
                });
                return metadata;
            default:
                return Random(key, version, random);
        }
    }

    private IResponse Random(ApiKey key, short version, SeededRandom random)
    {
        IResponse response = MessageCatalog.CreateResponse(key)!;
        return response.Schema.Versions.Contains(version) ? (IResponse)SampleMessage.Of(response.Schema, version, random) : response;
    }

    private static async Task<byte[]?> ReceiveAsync(IConnection connection, int length)
    {
        if (length is < 0 or > FrameBytesMax) return null;
        byte[] bytes = new byte[length];
        for (int got = 0; got < length;)
        {
            int count = await connection.ReceiveAsync(bytes.AsMemory(got), CancellationToken.None);
            if (count == 0) return null;
            got += count;
        }

        return bytes;
    }
}
