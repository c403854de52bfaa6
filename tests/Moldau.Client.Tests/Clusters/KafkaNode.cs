using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Moldau.Client.Tests.Clusters;

/// <summary>A node of Apache Kafka in a process of its own, on a temporary folder.</summary>
internal sealed class KafkaNode : ITestCluster
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly string folder = Directory.CreateTempSubdirectory("kafka-client-").FullName;
    private readonly Process process;

    private KafkaNode(string program)
    {
        int port = FreePortPair();
        Bootstrap = $"127.0.0.1:{port}";
        string[] arguments = [folder, $"{port}", "num.partitions=3", "offsets.topic.num.partitions=2", "group.initial.rebalance.delay.ms=0"];
        process = new Process { StartInfo = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true } };
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
    }

    public string Bootstrap { get; }

    /// <summary>Starts one; null where Apache Kafka or Java is not there.</summary>
    public static async Task<KafkaNode?> TryStartAsync()
    {
        string program = Path.Join(SharedFolder.Find(), "peers", "kafka", "bin", "kafka-node");
        if (!File.Exists(program) || !HasJava()) return null;
        var node = new KafkaNode(program);
        node.process.Start();
        node.process.BeginOutputReadLine();
        node.process.BeginErrorReadLine();
        await node.AnswersAsync();
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    // The client asks again until somebody answers; a broker that is there may not have registered yet.
    private async Task AnswersAsync()
    {
        await using KafkaClient client = KafkaClient.Create(ClientOptions.For(Bootstrap) with { OperationTimeout = Patience }, TimeProvider.System);
        while ((await client.Admin.Cluster.DescribeAsync()).Brokers.Count == 0)
        {
        }
    }

    private static bool HasJava() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(static folder => File.Exists(Path.Join(folder, "java")));

    // The node takes the port behind its own for the controller.
    private static int FreePortPair()
    {
        while (true)
        {
            using var first = new TcpListener(IPAddress.Loopback, 0);
            first.Start();
            int port = ((IPEndPoint)first.LocalEndpoint).Port;
            try
            {
                using var second = new TcpListener(IPAddress.Loopback, port + 1);
                second.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken, or beyond the last port: try another pair.
            }
        }
    }
}
