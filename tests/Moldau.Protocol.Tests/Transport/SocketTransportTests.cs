using Microsoft.Win32.SafeHandles;
using Moldau.Protocol.Transport;

namespace Moldau.Protocol.Tests.Transport;

public sealed class SocketTransportTests : IDisposable
{
    private readonly SocketTransport transport = new();
    private readonly string path = Path.GetTempFileName();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => File.Delete(path);

    [Fact]
    public void A_port_that_is_taken_cannot_be_shared()
    {
        using IListener listener = transport.Listen("127.0.0.1", 0);
        Assert.Throws<IOException>(() => transport.Listen("127.0.0.1", listener.Local.Port));
    }

    [Fact]
    public void An_address_of_another_machine_cannot_be_listened_on() => Assert.Throws<IOException>(() => transport.Listen("192.0.2.1", 0));

    [Fact]
    public async Task A_port_where_nobody_listens_refuses()
    {
        int port;
        using (IListener listener = transport.Listen("127.0.0.1", 0)) port = listener.Local.Port;
        await Assert.ThrowsAsync<IOException>(async () => await transport.ConnectAsync("127.0.0.1", port, Token));
    }

    [Fact]
    public async Task A_port_can_be_listened_on_again_while_old_connections_fade()
    {
        IListener listener = transport.Listen("127.0.0.1", 0);
        (IConnection client, IConnection server) = await ConnectAsync(listener);
        await server.DisposeAsync();
        await client.DisposeAsync();
        listener.Dispose();
        using IListener again = transport.Listen("127.0.0.1", listener.Local.Port);
        Assert.Equal(listener.Local.Port, again.Local.Port);
    }

    [Fact]
    public async Task A_disposed_listener_accepts_nobody()
    {
        IListener listener = transport.Listen("127.0.0.1", 0);
        ValueTask<IConnection?> accept = listener.AcceptAsync(Token);
        listener.Dispose();
        Assert.Null(await accept);
    }

    [Fact]
    public async Task What_waits_on_an_aborted_connection_fails()
    {
        using IListener listener = transport.Listen("127.0.0.1", 0);
        (IConnection client, IConnection server) = await ConnectAsync(listener);
        ValueTask wait = server.WaitReadableAsync(Token);
        server.Abort();
        await Assert.ThrowsAsync<IOException>(async () => await wait);
        await Assert.ThrowsAsync<IOException>(async () => await server.SendAsync([new WireSegment(new byte[1])], Token));
        await client.DisposeAsync();
    }

    [Fact]
    public async Task A_region_beyond_the_end_of_its_file_fails_the_send()
    {
        using IListener listener = transport.Listen("127.0.0.1", 0);
        (IConnection client, IConnection server) = await ConnectAsync(listener);
        using TestFile file = NewFile(100_000);
        await PrimeAsync(client, server);
        foreach (int length in new[] { 1_000, 50_000 })
        {
            await Assert.ThrowsAsync<EndOfStreamException>(async () => await server.SendAsync([new WireSegment(new FileRegion(file, 99_990, length))], Token));
        }

        server.Abort();
        client.Abort();
    }

    [Fact]
    public async Task Segments_of_every_size_and_kind_arrive_in_order_byte_for_byte()
    {
        using IListener listener = transport.Listen("127.0.0.1", 0);
        (IConnection client, IConnection server) = await ConnectAsync(listener);
        using TestFile file = NewFile(6_000_000);
        using TestFile simulated = NewFile(6_000_000, hasHandle: false);
        await PrimeAsync(client, server);
        var random = new Random(5);
        for (int round = 0; round < 30; round++)
        {
            List<WireSegment> segments = [.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => Any(random, file, simulated))];
            byte[] expected = [.. segments.SelectMany(segment => segment.Region is { } region ? region.ReadAll() : segment.Memory.ToArray())];
            Task send = server.SendAsync(segments, Token).AsTask();
            Assert.Equal(expected, await ReceiveAsync(client, expected.Length));
            await send;
        }

        await server.DisposeAsync();
        Assert.Equal(0, await client.ReceiveAsync(new byte[1], Token));
    }

    private static WireSegment Any(Random random, TestFile file, TestFile simulated)
    {
        int size = random.Next(4) switch { 0 => random.Next(3), 1 => random.Next(5_000), 2 => random.Next(40_000), _ => random.Next(700_000) };
        if (random.Next(3) > 0) return new WireSegment(new FileRegion(random.Next(2) == 0 ? file : simulated, random.Next(6_000_000 - size), size));
        byte[] memory = new byte[size];
        random.NextBytes(memory);
        return new WireSegment(memory);
    }

    private async Task<(IConnection Client, IConnection Server)> ConnectAsync(IListener listener)
    {
        ValueTask<IConnection?> accept = listener.AcceptAsync(Token);
        IConnection client = await transport.ConnectAsync("127.0.0.1", listener.Local.Port, Token);
        return (client, (await accept)!);
    }

    // A server has received before it sends: that is what makes its socket non-blocking.
    private static async Task PrimeAsync(IConnection client, IConnection server)
    {
        await client.SendAsync([new WireSegment(new byte[1])], Token);
        await server.WaitReadableAsync(Token);
        Assert.Equal(1, await server.ReceiveAsync(new byte[10], Token));
    }

    private static async Task<byte[]> ReceiveAsync(IConnection connection, int length)
    {
        byte[] received = new byte[length];
        int count = 0;
        while (count < length)
        {
            int more = await connection.ReceiveAsync(received.AsMemory(count), Token);
            Assert.NotEqual(0, more);
            count += more;
        }

        return received;
    }

    private TestFile NewFile(int length, bool hasHandle = true)
    {
        byte[] content = new byte[length];
        new Random(length).NextBytes(content);
        File.WriteAllBytes(path, content);
        return new TestFile(path, hasHandle);
    }

    private sealed class TestFile(string path, bool hasHandle) : IRegionFile, IDisposable
    {
        private readonly SafeFileHandle handle = File.OpenHandle(path);

        public SafeFileHandle? Handle => hasHandle ? handle : null;

        public int Read(long position, Span<byte> target) => RandomAccess.Read(handle, target, position);

        public void Release()
        {
        }

        public void Dispose() => handle.Dispose();
    }
}
