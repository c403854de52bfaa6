using System.Collections.Concurrent;
using System.Globalization;
using Moldau.Processes;

namespace Moldau.Fuzz.Live;

/// <summary>A node in a process of its own, with its controller on another port, and what it complained of.</summary>
internal sealed class LiveNode : IAsyncDisposable
{
    private const int ComplaintsMax = 100;
    private readonly string folder;
    private readonly ConcurrentQueue<string> complaints = new();

    // Either a folder of its own, which goes with it, or one that its owner made.
    private LiveNode(string? owned, string? given)
    {
        OwnedFolder = owned;
        folder = owned ?? given!;
        var setup = new NodeSetup(folder, FreePorts.NextPair())
        {
            ByPropertiesFile = true, Settings = new Dictionary<string, string> { ["group.initial.rebalance.delay.ms"] = "0" },
        };
        Process = new NodeProcess(new MoldauProgram(MoldauProgram.BuiltExecutable()), setup);
        Process.Said += Hear;
    }

    public NodeProcess Process { get; }

    private string? OwnedFolder { get; }

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

    /// <summary>Files and sockets that the node has open.</summary>
    public int OpenFiles => Directory.GetFiles($"/proc/{Process.ProcessId}/fd").Length;

    /// <summary>Starts a node, in a folder of its own unless one is given.</summary>
    public static async Task<LiveNode> StartAsync(CancellationToken cancellation, string? inFolder = null)
    {
        var node = new LiveNode(inFolder == null ? Directory.CreateTempSubdirectory("moldau-live-").FullName : null, inFolder);
        await node.Process.Program.PrepareAsync(node.Process.Setup, cancellation);
        node.Process.Start();
        await node.Process.ServingAsync(cancellation);
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        if (OwnedFolder != null) Directory.Delete(OwnedFolder, recursive: true);
    }

    private void Hear(string line)
    {
        bool complains = line.Contains("Z error ", StringComparison.Ordinal) || line.Contains("Z fatal ", StringComparison.Ordinal)
            || line.StartsWith("Unhandled exception", StringComparison.Ordinal) || line.Contains("Exception:", StringComparison.Ordinal);
        if (complains && complaints.Count < ComplaintsMax) complaints.Enqueue(line);
    }
}
