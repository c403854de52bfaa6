using System.Text;
using Moldau.Protocol;
using Moldau.Protocol.Transport;
using Moldau.Simulated;
using Moldau.Storage.Files;

namespace Moldau.Simulation.Network;

public sealed class NetworkTests
{
    private const int Port = 9092;

    [Fact]
    public void Nobody_listening_is_refused_and_an_unknown_host_is_an_error() => Each((world, server) =>
    {
        server.Start();
        return Both(
            Fails(world.Driver.Transport.ConnectAsync("server", Port, default), "refused"),
            Fails(world.Driver.Transport.ConnectAsync("nowhere", Port, default), "unknown"));
    });

    [Fact]
    public void A_host_without_power_does_not_answer() => Each(async (world, server) =>
    {
        server.Start();
        server.PowerCut();
        await Fails(world.Driver.Transport.ConnectAsync("server", Port, default), "does not answer");
    });

    [Fact]
    public void A_connection_attempt_can_be_cancelled() => Each(async (world, server) =>
    {
        world.Network.Block(world.Driver.Host, server);
        using CancellationTokenSource source = new(TimeSpan.FromSeconds(1), world.Driver.Scheduler.Time);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await world.Driver.Transport.ConnectAsync("server", Port, source.Token));
    });

    [Fact]
    public void A_port_is_taken_once_and_free_again_after() => Each((world, server) =>
    {
        ITransport transport = server.Start().Transport;
        IListener listener = transport.Listen("server", Port);
        Assert.Throws<IOException>(() => transport.Listen("0.0.0.0", Port));
        Assert.Throws<IOException>(() => transport.Listen("driver", Port));
        listener.Dispose();
        transport.Listen("localhost", Port).Dispose();
        Assert.NotEqual(0, transport.Listen("server", 0).Local.Port);
        return Task.CompletedTask;
    });

    [Fact]
    public void A_loopback_listener_is_for_its_own_host() => Each(async (world, server) =>
    {
        ITransport transport = server.Start().Transport;
        using IListener listener = transport.Listen("127.0.0.1", Port);
        await Fails(world.Driver.Transport.ConnectAsync("server", Port, default), "refused");
        await using IConnection own = await transport.ConnectAsync("localhost", Port, default);
    });

    [Fact]
    public void Bytes_arrive_in_order_however_they_are_split() => Each(async (world, server) =>
    {
        (IConnection client, IConnection far) = await Connect(world, server);
        byte[] sent = new byte[100_000];
        world.Random.Fill(sent);
        Task send = Send(client, sent);
        Assert.Equal(sent, await Receive(far, sent.Length));
        await send;
        await client.DisposeAsync();
        Assert.Equal(0, await far.ReceiveAsync(new byte[1], default));
        await far.DisposeAsync();
        Assert.Equal(0, world.Network.OpenSides);
    });

    [Fact]
    public void A_sender_waits_when_the_receiver_does_not_read() => Each(async (world, server) =>
    {
        world.Weather.WindowBytes = 1000;
        (IConnection client, IConnection far) = await Connect(world, server);
        Task send = Send(client, new byte[1500]);
        await world.Driver.Scheduler.Delay(TimeSpan.FromSeconds(5));
        Assert.False(send.IsCompleted);
        await Receive(far, 700);
        await send;
        await Receive(far, 800);
    });

    [Fact]
    public void File_regions_are_read_and_a_region_past_the_end_ends_the_connection() => Each(async (world, server) =>
    {
        (IConnection client, IConnection far) = await Connect(world, server);
        using IFile file = world.Driver.Files.Open("/log", FileOpen.CreateEmpty);
        file.Write(0, Encoding.ASCII.GetBytes("0123456789"));
        await client.SendAsync([new WireSegment("head "u8.ToArray()), new WireSegment(new FileRegion(file, 3, 4)), new WireSegment(ReadOnlyMemory<byte>.Empty)], default);
        Assert.Equal("head 3456", Encoding.ASCII.GetString(await Receive(far, 9)));
        await Assert.ThrowsAsync<IOException>(async () => await client.SendAsync([new WireSegment(new FileRegion(file, 8, 4))], default));
        await Assert.ThrowsAsync<IOException>(() => Receive(far, 100));
    });

    [Fact]
    public void An_abort_fails_both_sides_and_loses_what_was_in_flight() => Each(async (world, server) =>
    {
        (IConnection client, IConnection far) = await Connect(world, server);
        Task<byte[]> pending = Receive(client, 1);
        Task far_pending = Receive(far, 1);
        client.Abort();
        await Assert.ThrowsAsync<IOException>(() => pending);
        await Assert.ThrowsAsync<IOException>(() => far_pending);
        await Assert.ThrowsAsync<IOException>(() => Send(far, new byte[1]));
        Assert.Equal(0, world.Network.OpenSides);
    });

    [Fact]
    public void A_cut_connection_fails_both_sides() => Each(async (world, server) =>
    {
        (IConnection client, IConnection far) = await Connect(world, server);
        Assert.False(world.Network.CutOne(world.AddHost("elsewhere")));
        Assert.True(world.Network.CutOne(server));
        await Assert.ThrowsAsync<IOException>(() => Receive(client, 1));
        await Assert.ThrowsAsync<IOException>(() => Receive(far, 1));
    });

    [Fact]
    public void A_block_holds_bytes_back_until_it_is_lifted() => Each(async (world, server) =>
    {
        (IConnection client, IConnection far) = await Connect(world, server);
        world.Network.Block(world.Driver.Host, server);
        Task send = Send(client, [1, 2, 3]);
        Task<byte[]> receive = Receive(far, 3);
        await world.Driver.Scheduler.Delay(TimeSpan.FromMinutes(1));
        Assert.False(receive.IsCompleted);
        await Send(far, [9]);
        Assert.Equal([9], await Receive(client, 1));
        world.Network.Heal();
        Assert.Equal([1, 2, 3], await receive);
        await send;
    });

    [Fact]
    public void A_slow_link_takes_its_time() => Each(async (world, server) =>
    {
        (IConnection client, IConnection far) = await Connect(world, server);
        world.Network.Slow(world.Driver.Host, server, TimeSpan.FromSeconds(30));
        long before = world.NowTicks;
        await Send(client, [1]);
        await Receive(far, 1);
        Assert.InRange(world.NowTicks - before, 30 * TimeSpan.TicksPerSecond, 32 * TimeSpan.TicksPerSecond);
    });

    [Fact]
    public void A_killed_process_ends_its_connections_soon() => Each(async (world, server) =>
    {
        (IConnection client, _) = await Connect(world, server);
        long before = world.NowTicks;
        server.Kill();
        await EndOf(client);
        Assert.InRange(world.NowTicks - before, 0, TimeSpan.TicksPerSecond);
        await Fails(world.Driver.Transport.ConnectAsync("server", Port, default), "refused");
    });

    [Fact]
    public void A_machine_without_power_is_silent_for_a_while() => Each(async (world, server) =>
    {
        (IConnection client, _) = await Connect(world, server);
        server.PowerCut();
        await Assert.ThrowsAsync<IOException>(() => Receive(client, 1));
    });

    [Fact]
    public void A_receive_can_be_cancelled_and_done_again() => Each(async (world, server) =>
    {
        (IConnection client, IConnection far) = await Connect(world, server);
        using CancellationTokenSource source = new(TimeSpan.FromSeconds(1), world.Driver.Scheduler.Time);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await far.WaitReadableAsync(source.Token));
        await Send(client, [5]);
        Assert.Equal([5], await Receive(far, 1));
    });

    [Fact]
    public void A_disposed_listener_accepts_null_and_resets_who_waits() => Each(async (world, server) =>
    {
        SimulatedProcess process = server.Start();
        IListener listener = process.Transport.Listen("server", Port);
        IConnection waiting = await world.Driver.Transport.ConnectAsync("server", Port, default);
        listener.Dispose();
        Assert.Null(await listener.AcceptAsync(default));
        await Assert.ThrowsAsync<IOException>(() => Receive(waiting, 1));
    });

    /// <summary>Runs the scenario in several worlds: with a fast and a slow network, small windows and large.</summary>
    private static void Each(Func<SimulatedWorld, SimulatedHost, Task> scenario)
    {
        for (ulong seed = 0; seed < 25; seed++)
        {
            using SimulatedWorld world = new(seed);
            SimulatedHost server = world.AddHost("server");
            world.Run(() => scenario(world, server));
        }
    }

    private static async Task<(IConnection Client, IConnection Far)> Connect(SimulatedWorld world, SimulatedHost server)
    {
        IListener listener = server.Start().Transport.Listen("0.0.0.0", Port);
        ValueTask<IConnection?> accept = listener.AcceptAsync(default);
        IConnection client = await world.Driver.Transport.ConnectAsync("server", Port, default);
        return (client, (await accept)!);
    }

    private static async Task Send(IConnection connection, byte[] bytes) => await connection.SendAsync([new WireSegment(bytes)], default);

    private static async Task<byte[]> Receive(IConnection connection, int count)
    {
        byte[] bytes = new byte[count];
        int done = 0;
        while (done < count)
        {
            int read = await connection.ReceiveAsync(bytes.AsMemory(done), default);
            Assert.True(read > 0);
            done += read;
        }

        return bytes;
    }

    private static async Task EndOf(IConnection connection)
    {
        try
        {
            Assert.Equal(0, await connection.ReceiveAsync(new byte[1], default));
        }
        catch (IOException)
        {
            // A reset is the other way it may end.
        }
    }

    private static async Task Fails(ValueTask<IConnection> attempt, string message) =>
        Assert.Contains(message, (await Assert.ThrowsAsync<IOException>(async () => await attempt)).Message, StringComparison.Ordinal);

    private static Task Both(Task first, Task second) => Task.WhenAll(first, second);
}
