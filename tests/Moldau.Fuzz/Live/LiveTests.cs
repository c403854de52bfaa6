using System.Net.Sockets;
using Moldau.Processes;

namespace Moldau.Fuzz.Live;

/// <summary>A node under attack, as a process on real sockets; for longer by hand: <c>dotnet run --project tests/Moldau.Fuzz -- --live 10</c> (minutes).</summary>
public sealed class LiveTests
{
    private const int IdleConnections = 5000, SlowConnections = 2000;
    private const int Partitions = 1500;

    /// <summary>Log files that a node keeps open while nothing reads them, a bound of the storage.</summary>
    private const int CachedFilesMax = 1024;
    private const long ConnectionBytesMax = 16 * 1024;
    private static readonly TimeSpan SiegeTime = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_good_client_does_not_notice_an_attack()
    {
        List<string> wrong = await Siege.RunAsync(SiegeTime, seed: 1, line => TestContext.Current.TestOutputHelper?.WriteLine(line), TestContext.Current.CancellationToken);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>Silent connections, and those that send a frame byte by byte: three bytes of its size, or its size and the beginning of it.</summary>
    [Theory]
    [InlineData(IdleConnections, "")]
    [InlineData(SlowConnections, "000000")]
    [InlineData(SlowConnections, "0000800000120004000000")]
    public async Task A_connection_that_stands_still_costs_next_to_nothing(int count, string sent)
    {
        RequireFiles(count);
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await using LiveNode node = await LiveNode.StartAsync(cancellation);
        var sockets = new List<Socket>();
        try
        {
            // What the first connections bring with them is not theirs alone: code, pools, tables.
            await OpenAsync(node, sockets, count / 10, Convert.FromHexString(sent), cancellation);
            long before = await SettledAsync(node, sockets[^1], cancellation);
            await OpenAsync(node, sockets, count, Convert.FromHexString(sent), cancellation);
            long each = (await SettledAsync(node, sockets[^1], cancellation) - before) / count;
            TestContext.Current.TestOutputHelper?.WriteLine($"{each} bytes for each of {count} connections");
            Assert.True(each < ConnectionBytesMax, $"{each} bytes of resident memory for each of {count} connections");
            Assert.Empty(node.Complaints);
        }
        finally
        {
            foreach (Socket socket in sockets) socket.Dispose();
        }
    }

    /// <summary>Kept open are as many log files as the cache holds, whatever the number of partitions; the rest of the node's files are few.</summary>
    [Fact]
    public async Task More_partitions_do_not_mean_more_open_files()
    {
        if (!Directory.Exists("/proc/self/fd")) Assert.Skip("not on this machine: needs /proc, which tells a process's open files");
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await using LiveNode node = await LiveNode.StartAsync(cancellation);
        int before = node.OpenFiles;
        await using var client = new GoodClient(node.Bootstrap);
        await client.SpreadAsync("many", Partitions, cancellation);
        Assert.InRange(node.OpenFiles, before, before + CachedFilesMax + 100);
    }

    private static async Task OpenAsync(LiveNode node, List<Socket> sockets, int count, byte[] sent, CancellationToken cancellation)
    {
        for (int i = 0; i < count; i++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            sockets.Add(socket);
            await socket.ConnectAsync(node.Process.EndPoint, cancellation);
            if (sent.Length > 0) await socket.SendAsync(sent, cancellation);
        }
    }

    // A node that answers a client that came later has accepted those before it, and read what they sent.
    private static async Task<long> SettledAsync(LiveNode node, Socket last, CancellationToken cancellation)
    {
        using var probe = new WireProbe(node.Process.EndPoint);
        while (!await probe.TryProduceAsync("moldau-probe", cancellation)) await Task.Yield();
        Assert.True(last.Connected);
        return node.ResidentBytes;
    }

    private static void RequireFiles(int connections)
    {
        string? limit = File.Exists("/proc/self/limits") ? File.ReadLines("/proc/self/limits").First(line => line.StartsWith("Max open files", StringComparison.Ordinal)) : null;
        if (limit == null) Assert.Skip("not on this machine: needs /proc, which tells a process's memory");
        string hard = limit!.Split(' ', StringSplitOptions.RemoveEmptyEntries)[4];
        if (long.TryParse(hard, out long files) && files < connections + 1000) Assert.Skip($"not on this machine: needs {connections + 1000} open files, and {files} are allowed here");
    }
}
