using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Moldau.Fuzz.Inputs;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Simulated;

namespace Moldau.Fuzz.Live;

/// <summary>Sends a node what no client should: damaged requests of every API and version, noise, lying sizes, frames that end early. Connection after connection.</summary>
internal sealed class Attacker(IPEndPoint target, SeededRandom random)
{
    private const int FramesPerConnectionMax = 12;
    private const int SizeBytes = 4, ApiAndCorrelationBytes = 8;
    private const int NoiseBytesMax = 4000;
    private static readonly TimeSpan AnswerWait = TimeSpan.FromMilliseconds(20);

    // A whole request to leave the cluster is no hostile input but a command, and a node without authorization obeys it.
    private static readonly MessageSchema[] Requests =
        [.. MessageCatalog.All.Where(schema => schema.Type == "request" && !schema.Versions.IsEmpty && (ApiKey)schema.Key! != ApiKey.UnregisterBroker)];

    /// <summary>Frames sent.</summary>
    public long Frames { get; private set; }

    public async Task RunAsync(Func<bool> goesOn, CancellationToken cancellation)
    {
        byte[] sink = new byte[64 * 1024];
        while (goesOn())
        {
            try
            {
                using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(target, cancellation);
                for (int frames = 1 + random.Below(FramesPerConnectionMax); frames > 0; frames--)
                {
                    await socket.SendAsync(Frame(), cancellation);
                    Frames++;
                    if (random.Chance(300)) await ReadAsync(socket, sink, cancellation);
                }

                if (random.Chance(500)) await ReadAsync(socket, sink, cancellation);
                if (random.Chance(300)) socket.LingerState = new LingerOption(true, 0);
            }
            catch (SocketException)
            {
                // The node closes on what it cannot read: so it should.
            }
        }
    }

    private static async Task ReadAsync(Socket socket, byte[] sink, CancellationToken cancellation)
    {
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        wait.CancelAfter(AnswerWait);
        try
        {
            await socket.ReceiveAsync(sink.AsMemory(), wait.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // No answer, or not yet.
        }
    }

    private byte[] Frame()
    {
        if (random.Chance(50)) return Noise();
        byte[] frame = Request();
        if (random.Chance(150)) return frame;
        if (random.Chance(150)) return Mutator.Mutate([frame], random);
        // Damage in the body and header, under a size that is right: this is what reaches the handlers.
        int kept = random.Chance(200) ? SizeBytes : SizeBytes + ApiAndCorrelationBytes;
        byte[] whole = [.. frame[..kept], .. Mutator.Mutate([frame[kept..]], random)];
        BinaryPrimitives.WriteInt32BigEndian(whole, whole.Length - 4);
        return whole;
    }

    private byte[] Request()
    {
        MessageSchema schema = random.Pick(Requests);
        short version = (short)random.Between(schema.Versions.Lowest, schema.Versions.Highest);
        using var writer = new WireWriter();
        MessageFrame.WriteRequest(writer, (IRequest)SampleMessage.Of(schema, version, random), version, random.Below(1000), random.Chance(500) ? "bad" : null);
        return writer.ToArray();
    }

    private byte[] Noise()
    {
        byte[] noise = new byte[1 + random.Below(NoiseBytesMax)];
        random.Fill(noise);
        if (random.Chance(500) && noise.Length >= 4) BinaryPrimitives.WriteInt32BigEndian(noise, random.Chance(500) ? noise.Length - 4 : random.Pick([int.MaxValue, -1, 100_000_000, 1 << 20]));
        return noise;
    }
}
