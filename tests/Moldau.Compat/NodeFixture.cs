using Moldau.Compat;
using Moldau.Processes;

[assembly: AssemblyFixture(typeof(NodeFixture))]
// Two at a time: each foreign client is a process of its own, and some are whole virtual machines.
[assembly: Xunit.v3.Parallelization(MaxThreads = 2)]

namespace Moldau.Compat;

/// <summary>
/// The node that every foreign client of this program talks to: the built <c>moldau</c>, started as a person would start it, or Apache
/// Kafka with <c>MOLDAU_COMPAT_TARGET=kafka</c>. One node for all, as in life: clients of several families share it.
/// </summary>
public sealed class NodeFixture : IAsyncLifetime
{
    private static int _names;
    private readonly TemporaryFolder _folder = new();
    private NodeProcess? _node;

    public NodeProcess Node => _node ?? throw new InvalidOperationException("the node was not started");

    public string Bootstrap => Node.Setup.Bootstrap;

    /// <summary>Where the node keeps its partitions.</summary>
    public string LogDir => Node.Setup.DataFolder;

    /// <summary>The oracle runs: Apache Kafka itself.</summary>
    public bool IsKafka => Node.Program is KafkaPeer;

    public async ValueTask InitializeAsync()
    {
        // Groups form at once: the usual three seconds of waiting for more members would be most of the time of a group test.
        var setup = new NodeSetup(_folder.Path, FreePorts.NextPair())
        {
            Settings = new Dictionary<string, string> { ["group.initial.rebalance.delay.ms"] = "0" },
        };
        _node = await NodeProcess.StartedAsync(NodeProgram.FromEnvironment(), setup, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_node != null)
        {
            await _node.StopAsync();
            await _node.DisposeAsync();
        }

        _folder.Dispose();
    }

    /// <summary>A name for a topic or group that no other test uses.</summary>
    public static string Name(string what) => $"{what}-{Interlocked.Increment(ref _names)}";
}
