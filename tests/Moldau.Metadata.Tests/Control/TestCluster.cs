using System.Collections.Immutable;
using System.Text.Json;
using Moldau.Metadata.Control;
using Moldau.Metadata.Features;
using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Tests.Control;

/// <summary>
/// An active controller with a log: what it decides is encoded, decoded again, replayed and committed, and a broker's image follows the log through deltas.
/// </summary>
internal sealed class TestCluster
{
    internal const string ClusterId = "cluster";

    private readonly HashSet<int> registered = [];

    internal TestCluster(short level = 33, IReadOnlyDictionary<string, short>? levels = null, uint seed = 1, int nodeId = 100, Func<ControllerOptions, ControllerOptions>? configure = null)
    {
        var options = new ControllerOptions
        {
            ClusterId = ClusterId,
            NodeId = nodeId,
            QuorumNodeIds = [nodeId],
            ConfigRules = Rules,
            Random = new CountingRandom(seed),
            MaxIdleIntervalMs = 0,
        };
        Options = configure?.Invoke(options) ?? options;
        Controller = new Controller(Options);
        Run(Controller.Activate(NowMs, 3, BootstrapMetadata.Records(new MetadataVersion(level), levels)));
        Log.Clear();
    }

    internal ControllerOptions Options { get; }

    internal StubConfigRules Rules { get; } = new();

    internal Controller Controller { get; }

    internal long NowMs { get; set; } = 1_000_000;

    /// <summary>Records since the cluster began or <see cref="Log"/> was cleared.</summary>
    internal List<MetadataRecord> Log { get; } = [];

    internal List<(long Offset, MetadataRecord Record)> WholeLog { get; } = [];

    /// <summary>A broker's image.</summary>
    internal MetadataImage Published { get; private set; } = MetadataImage.Empty;

    internal MetadataImage Image => Controller.Image;

    internal long NextOffset { get; private set; } = 3;

    internal ControllerContext Context(short apiVersion = 7) => new(NowMs, "User:test", apiVersion);

    /// <summary>Appends, replays and commits what a handler decided; returns its response.</summary>
    internal T Run<T>(ControllerResult<T> result)
    {
        Append(result);
        Controller.Commit(NextOffset - 1);
        return result.Response;
    }

    /// <summary>Appends and replays without committing.</summary>
    internal void Append<T>(ControllerResult<T> result)
    {
        if (result.Records.Count == 0) return;
        var delta = new MetadataDelta(Published);
        var replayed = new List<MetadataRecord>();
        foreach (MetadataRecord record in result.Records)
        {
            MetadataRecord decoded = RoundTrip(record);
            replayed.Add(decoded);
            WholeLog.Add((NextOffset + replayed.Count - 1, decoded));
            delta.Replay(decoded.Message);
        }

        Log.AddRange(replayed);
        Controller.ReplayBatch(replayed, NextOffset);
        NextOffset += replayed.Count;
        Published = delta.Apply(new MetadataProvenance(NextOffset - 1, 1, NowMs));
    }

    internal static MetadataRecord RoundTrip(MetadataRecord record)
    {
        using var writer = new WireWriter();
        RecordFraming.WriteMetadata(writer, record.Message, record.Version);
        return new MetadataRecord(RecordFraming.ReadMetadata(writer.ToArray(), out short version), version);
    }

    internal BrokerRegistrationRequest Registration(int id, string? rack = null, long incarnation = 1, long previousEpoch = -1, int directories = 1)
    {
        var request = new BrokerRegistrationRequest
        {
            BrokerId = id,
            ClusterId = ClusterId,
            IncarnationId = new Uuid(id, incarnation),
            Rack = rack,
            PreviousBrokerEpoch = previousEpoch,
            LogDirs = [.. Enumerable.Range(0, directories).Select(n => Directory(id, n))],
        };
        request.Listeners.Add(new BrokerRegistrationRequest.Listener { Name = "PLAINTEXT", Host = "localhost", Port = (ushort)(9092 + id), SecurityProtocol = 0 });
        foreach ((string name, LevelRange range) in FeatureCatalog.Supported)
        {
            request.Features.Add(new BrokerRegistrationRequest.Feature { Name = name, MinSupportedVersion = range.Min, MaxSupportedVersion = range.Max });
        }

        return request;
    }

    internal static Uuid Directory(int broker, int number = 0) => new(0x7000 + broker, 1 + number);

    internal long Epoch(int broker) => Image.Cluster.Broker(broker)!.Epoch;

    internal ErrorCode Register(int id, string? rack = null, long incarnation = 1, long previousEpoch = -1, int directories = 1)
    {
        registered.Add(id);
        return (ErrorCode)Run(Controller.RegisterBroker(Context(4), Registration(id, rack, incarnation, previousEpoch, directories))).ErrorCode;
    }

    internal BrokerHeartbeatResponse Heartbeat(int id, bool wantFence = false, bool wantShutDown = false, long? offset = null, params Uuid[] offline) =>
        Run(Controller.BrokerHeartbeat(Context(2), new BrokerHeartbeatRequest
        {
            BrokerId = id,
            BrokerEpoch = Epoch(id),
            CurrentMetadataOffset = offset ?? NextOffset - 1,
            WantFence = wantFence,
            WantShutDown = wantShutDown,
            OfflineLogDirs = [.. offline],
        }));

    /// <summary>Registers and unfences brokers.</summary>
    internal TestCluster With(params int[] brokers)
    {
        foreach (int id in brokers)
        {
            Assert.Equal(ErrorCode.None, Register(id));
            Assert.False(Heartbeat(id).IsFenced);
        }

        Log.Clear();
        return this;
    }

    internal CreateTopicsResponse.CreatableTopicResult Create(string name, int partitions = 1, short replicationFactor = 1, bool validateOnly = false, params (string Name, string? Value)[] configs)
    {
        var topic = new CreateTopicsRequest.CreatableTopic { Name = name, NumPartitions = partitions, ReplicationFactor = replicationFactor };
        foreach ((string key, string? value) in configs) topic.Configs.Add(new CreateTopicsRequest.CreatableTopicConfig { Name = key, Value = value });
        return Create(topic, validateOnly);
    }

    internal CreateTopicsResponse.CreatableTopicResult CreateManually(string name, params int[][] assignments)
    {
        var topic = new CreateTopicsRequest.CreatableTopic { Name = name, NumPartitions = -1, ReplicationFactor = -1 };
        for (int i = 0; i < assignments.Length; i++) topic.Assignments.Add(new CreateTopicsRequest.CreatableReplicaAssignment { PartitionIndex = i, BrokerIds = [.. assignments[i]] });
        return Create(topic, false);
    }

    internal CreateTopicsResponse.CreatableTopicResult Create(CreateTopicsRequest.CreatableTopic topic, bool validateOnly)
    {
        var request = new CreateTopicsRequest { ValidateOnly = validateOnly };
        request.Topics.Add(topic);
        return Assert.Single(Run(Controller.CreateTopics(request, _ => true)).Topics);
    }

    internal PartitionRegistration Partition(string topic, int number = 0) => Image.Topics.Find(topic)!.Partition(number)!;

    /// <summary>Records since the log was cleared, one line each: type, version and fields.</summary>
    internal string[] Lines() => [.. Log.Select(Line)];

    internal static string Line(MetadataRecord record) =>
        $"{record.Message.Schema.Name[..^"Record".Length]} v{record.Version} {record.Message.ToJson(record.Version).ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })}";

    /// <summary>What an image holds, as the records of its snapshot.</summary>
    internal static ImmutableArray<string> Lines(MetadataImage image) => [.. ImageWriter.Write(image).Select(Line)];
}
