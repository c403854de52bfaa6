using Moldau.Protocol;
using Moldau.Protocol.Transport;
using Moldau.Simulated;
using Moldau.Storage.Files;

namespace Moldau.Simulation.World;

/// <summary>An echo server that logs and flushes what it gets, clients that count what comes back, and a bit of everything that goes wrong.</summary>
internal static class EchoScenario
{
    /// <summary>Plays it and returns the trace hash.</summary>
    public static ulong Play(ulong seed, Action<string>? lines = null)
    {
        using SimulatedWorld world = new(seed);
        world.Trace.Lines = lines;
        SimulatedHost server = world.AddHost("server");
        int echoed = 0;
        world.Run(async () =>
        {
            Serve(server.Start());
            for (int i = 0; i < 3; i++)
            {
                SimulatedProcess client = world.AddHost($"client{i}").Start();
                _ = client.Scheduler.Start("client", () => TalkAsync(client, () => echoed++));
            }

            for (int i = 0; i < 6; i++)
            {
                await world.Driver.Scheduler.Delay(world.Random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(1)));
                if (i % 3 == 0) server.PowerCut();
                if (i % 3 == 1) world.Network.CutOne();
                if (i % 3 == 2) server.Kill();
                if (server.Process is null) Serve(server.Start());
            }

            while (echoed < 30) await world.Driver.Scheduler.Delay(TimeSpan.FromMilliseconds(50));
        });
        return world.Trace.Hash;
    }

    private static void Serve(SimulatedProcess process) => process.Scheduler.Start("accept", async () =>
    {
        IListener listener = process.Transport.Listen("server", 7);
        IFile log = process.Files.Open("/log", FileOpen.OpenOrCreate);
        while (await listener.AcceptAsync(default) is { } connection) _ = process.Scheduler.Start("echo", () => EchoAsync(process, connection, log));
    });

    private static async Task EchoAsync(SimulatedProcess process, IConnection connection, IFile log)
    {
        byte[] buffer = new byte[100];
        try
        {
            while (true)
            {
                int count = await connection.ReceiveAsync(buffer, default);
                if (count == 0) break;
                log.Write(log.Length, buffer.AsSpan(0, count));
                await process.Scheduler.RunBlocking(log.Flush);
                await connection.SendAsync([new WireSegment(buffer.AsMemory(0, count))], default);
            }
        }
        catch (IOException)
        {
            // The network; the client comes again.
        }

        await connection.DisposeAsync();
    }

    private static async Task TalkAsync(SimulatedProcess process, Action echoed)
    {
        byte[] buffer = new byte[10];
        while (true)
        {
            try
            {
                await using IConnection connection = await process.Transport.ConnectAsync("server", 7, default);
                while (true)
                {
                    process.Scheduler.FillRandom(buffer);
                    await connection.SendAsync([new WireSegment(buffer)], default);
                    for (int done = 0; done < buffer.Length;)
                    {
                        int count = await connection.ReceiveAsync(buffer.AsMemory(done), default);
                        if (count == 0) throw new IOException("the end");
                        done += count;
                    }

                    echoed();
                    await process.Scheduler.Delay(TimeSpan.FromMilliseconds(100));
                }
            }
            catch (IOException)
            {
                await process.Scheduler.Delay(TimeSpan.FromMilliseconds(100));
            }
        }
    }
}
