using static Moldau.Metadata.Configuration.Traits;
using static Moldau.Metadata.Configuration.UpdateMode;

namespace Moldau.Metadata.Configuration;

/// <summary>Who the node is, and its place in the cluster.</summary>
public static class NodeKeys
{
    internal static readonly KeySection Section = new("The node");

    public static readonly ConfigKey<int> NodeId = Section.Int("node.id", -1, ConfigRule.AtLeast(0),
        High(ReadOnly, "The node's number, unique among brokers and controllers.").Required());

    public static readonly ConfigKey<int> BrokerId = Section.Int("broker.id", -1, null,
        High(ReadOnly, "Older name of `node.id`; where both are set they must agree."));

    public static readonly ConfigKey<IReadOnlyList<string>?> ProcessRoles = Section.List("process.roles", null, ConfigRule.ListOf(false, "broker", "controller"),
        High(ReadOnly, "What the process is: `broker`, `controller` or both.").Required());

    public static readonly ConfigKey<string?> BrokerRack = Section.String("broker.rack", null, null,
        Medium(ReadOnly, "Rack or zone of the broker, over which replicas are spread."));

    public static readonly ConfigKey<int> BrokerHeartbeatIntervalMs = Section.Int("broker.heartbeat.interval.ms", 2000, null,
        Medium(ReadOnly, "How often a broker sends a heartbeat to the active controller, in milliseconds."));

    public static readonly ConfigKey<int> BrokerSessionTimeoutMs = Section.Int("broker.session.timeout.ms", 9000, null,
        Medium(ReadOnly, "How long a broker may be silent before the controller fences it, in milliseconds."));

    public static readonly ConfigKey<int> InitialBrokerRegistrationTimeoutMs = Section.Int("initial.broker.registration.timeout.ms", 60000, null,
        Medium(ReadOnly, "How long a starting broker tries to register before it gives up and exits, in milliseconds."));

    public static readonly ConfigKey<bool> ControlledShutdownEnable = Section.Bool("controlled.shutdown.enable", true,
        Medium(ReadOnly, "Whether a stopping broker first hands its partitions to others."));

    public static readonly ConfigKey<long> ServerMaxStartupTimeMs = Section.Long("server.max.startup.time.ms", long.MaxValue, ConfigRule.AtLeast(0),
        Medium(ReadOnly, "How long a start may take before the process exits, in milliseconds.").Internal().NotYet());

    public static readonly ConfigKey<int> BackgroundThreads = Section.Int("background.threads", 10, ConfigRule.AtLeast(1),
        High(ClusterWide, "Threads for background work. Here background work runs on the shared thread pool.").NoEffect());

    public static readonly ConfigKey<int> NumIoThreads = Section.Int("num.io.threads", 8, ConfigRule.AtLeast(1),
        High(ClusterWide, "Threads that process requests. Here requests run on the network loop and the shared thread pool.").NoEffect());

    public static readonly ConfigKey<int> NumNetworkThreads = Section.Int("num.network.threads", 3, ConfigRule.AtLeast(1),
        High(ClusterWide, "Threads for the network. Here the runtime's socket engine serves all connections.").NoEffect());

    public static readonly ConfigKey<int> QueuedMaxRequests = Section.Int("queued.max.requests", 500, ConfigRule.AtLeast(1),
        High(ReadOnly, "Requests that may wait for a thread. Here each connection bounds what it has in flight.").NoEffect());

    public static readonly ConfigKey<long> QueuedMaxRequestBytes = Section.Long("queued.max.request.bytes", -1, null,
        Medium(ReadOnly, "Bytes of requests that may wait; -1: no limit. Here each connection bounds what it has in flight.").NoEffect());

    public static readonly ConfigKey<bool> UnstableApiVersionsEnable = Section.Bool("unstable.api.versions.enable", false,
        High(ReadOnly, "Whether API versions that may still change are offered to clients.").Internal().NotYet());

    public static readonly ConfigKey<bool> UnstableFeatureVersionsEnable = Section.Bool("unstable.feature.versions.enable", false,
        High(ReadOnly, "Whether feature levels that may still change are supported.").Internal().NotYet());

    public static readonly ConfigKey<IReadOnlyList<string>?> ConfigProviders = Section.List("config.providers", [], ConfigRule.DistinctList,
        Low(ClusterWide, "Classes that resolve indirect values in the configuration.").NoEffect());

    public static readonly ConfigKey<string?> SecurityProviders = Section.String("security.providers", null, null,
        Low(ReadOnly, "Java security providers to install.").NoEffect());
}
