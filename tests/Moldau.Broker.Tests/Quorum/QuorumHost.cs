using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Broker.Quorum;
using Moldau.Broker.Quorum.Formatting;
using Moldau.Broker.Quorum.Snapshots;
using Moldau.Protocol;
using Moldau.Protocol.Transport;
using Moldau.Raft;
using Moldau.Storage;
using Moldau.Storage.Files;

namespace Moldau.Broker.Tests.Quorum;

/// <summary>A formatted directory with the metadata log of node 1, on whatever disk and scheduler it is given.</summary>
internal sealed class QuorumHost(IFileSystem files, IScheduler scheduler, string directory) : ILogListener
{
    public const string ClusterId = "MkU3OEVBNTcwNTJENDM2Qg";

    private LogStore? store;

    public RaftNode Raft { get; private set; } = null!;

    public RecordingListener Listener { get; private set; } = new();

    public string Directory => directory;

    public string MetadataFolder => Path.Join(directory, "__cluster_metadata-0");

    public MetadataRetention Retention { get; set; } = new(-1, -1);

    public IReadOnlyList<VoterEndpoint> Endpoints { get; set; } = [new("CONTROLLER", "127.0.0.1", 9093)];

    public FormatOptions Format => new()
    {
        ClusterId = ClusterId,
        NodeId = (BrokerId)1,
        Directories = [directory],
        MetadataDirectory = directory,
        IsController = true,
        Quorum = InitialQuorum.Standalone,
        ControllerAddress = ("127.0.0.1", 9093),
    };

    /// <summary>Formats if needed, opens the logs, starts raft with a fresh listener.</summary>
    public async Task StartAsync()
    {
        LogDirectorySet set = await new StorageFormatter(files, scheduler).EnsureFormattedAsync(Format);
        store = await LogStore.OpenAsync(new LogStoreOptions { Directories = [directory] }, files, scheduler, NullLogger.Instance);
        store.Listener = this;
        Listener = new RecordingListener();
        Raft = new RaftNode(
            new RaftNodeOptions
            {
                NodeId = (BrokerId)1,
                MetadataDirectory = directory,
                DirectoryId = set.Formatted[directory].DirectoryId!.Value,
                Endpoints = Endpoints,
                Retention = Retention,
            },
            files, scheduler, NullLogger.Instance);
        Raft.Register(Listener);
        await Raft.StartAsync(store, CancellationToken.None);
    }

    public async Task StopAsync(bool clean = true)
    {
        await Raft.StopAsync();
        await store!.CloseAsync(clean);
        store = null;
    }

    public void Appended(PartitionLog log)
    {
    }

    public void Flushed(PartitionLog log)
    {
        if (log.Partition == RaftNode.Partition) Raft.LogFlushed();
    }

    public void Failed(LogDirectory failed, Exception cause) => Raft.LogFlushed();
}
