using System.Collections.Concurrent;
using System.Globalization;
using Moldau.Processes;

namespace Moldau.Fuzz.Live;

/// <summary>A node in a process of its own, with its controller on another port, and what it complained of.</summary>
internal sealed class LiveNode : IAsyncDisposable
{
    private const int ComplaintsMax = 100;
    private readonly string folder = Directory.CreateTempSubdirectory("moldau-live-").FullName;
    private readonly ConcurrentQueue<string> complaints = new();

    private LiveNode(NodeProcess process) => Process = process;

    public NodeProcess Process { get; private set; }

    public string Bootstrap => Process.Setup.Bootstrap;

    /// <summary>Errors, the end of the node, and exceptions that nobody caught.</summary>
    public IReadOnlyCollection<string> Complaints => complaints;

    /// <summary>Bytes of the node's memory that are resident now.</summary>
    public long ResidentBytes
    {
        get
        {
            string line = File.ReadLines($"/proc/{Process.ProcessId}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
        }
    }

    public static async Task<LiveNode> StartAsync(CancellationToken cancellation)
    {
        var node = new LiveNode(null!);
        var setup = new NodeSetup(node.folder, FreePorts.NextPair())
        {
            ByPropertiesFile = true, Settings = new Dictionary<string, string> { ["group.initial.rebalance.delay.ms"] = "0" },
        };
        var program = new MoldauProgram(MoldauProgram.BuiltExecutable());
        node.Process = new NodeProcess(program, setup);
        node.Process.Said += node.Hear;
        await program.PrepareAsync(setup, cancellation);
        node.Process.Start();
        await node.Process.ServingAsync(cancellation);
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private void Hear(string line)
    {
        bool complains = line.Contains("Z error ", StringComparison.Ordinal) || line.Contains("Z fatal ", StringComparison.Ordinal)
            || line.StartsWith("Unhandled exception", StringComparison.Ordinal) || line.Contains("Exception:", StringComparison.Ordinal);
        if (complains && complaints.Count < ComplaintsMax) complaints.Enqueue(line);
    }
}
