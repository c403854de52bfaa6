using static Moldau.Metadata.Configuration.Traits;
using static Moldau.Metadata.Configuration.UpdateMode;

namespace Moldau.Metadata.Configuration;

/// <summary>Where the node listens and how connections are bounded.</summary>
public static class ListenerKeys
{
    internal static readonly KeySection Section = new("Listeners and connections");

    public static readonly ConfigKey<IReadOnlyList<string>?> Listeners = Section.List("listeners", ["PLAINTEXT://:9092"], ConfigRule.DistinctList,
        High(PerBroker, "Addresses the node listens on, as `NAME://host:port`; an empty host means every interface."));

    public static readonly ConfigKey<IReadOnlyList<string>?> AdvertisedListeners = Section.List("advertised.listeners", null, ConfigRule.DistinctList,
        High(ReadOnly, "Addresses that clients and other nodes are told to use; where unset, those of `listeners`."));

    public static readonly ConfigKey<string?> ListenerSecurityProtocolMap = Section.String("listener.security.protocol.map", "SASL_SSL:SASL_SSL,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT", null,
        Low(PerBroker, "Security protocol of each listener name, as `NAME:PROTOCOL` pairs."));

    public static readonly ConfigKey<string?> InterBrokerListenerName = Section.String("inter.broker.listener.name", null, null,
        Medium(ReadOnly, "Listener that brokers use among themselves."));

    public static readonly ConfigKey<string?> SecurityInterBrokerProtocol = Section.String("security.inter.broker.protocol", "PLAINTEXT", ConfigRule.OneOf("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"),
        Medium(ReadOnly, "Security protocol that brokers use among themselves where no listener is named for it."));

    public static readonly ConfigKey<IReadOnlyList<string>?> ControllerListenerNames = Section.List("controller.listener.names", null, ConfigRule.DistinctList,
        High(ReadOnly, "Listeners of the controller; the first is the one that brokers use.").Required());

    public static readonly ConfigKey<IReadOnlyList<string>?> EarlyStartListeners = Section.List("early.start.listeners", null, ConfigRule.DistinctList,
        High(ReadOnly, "Listeners that may open before authorization is ready; unset: the controller's.").NotYet());

    public static readonly ConfigKey<int> SocketListenBacklogSize = Section.Int("socket.listen.backlog.size", 50, ConfigRule.AtLeast(1),
        Medium(ReadOnly, "Connections that may wait to be accepted.").NotYet());

    public static readonly ConfigKey<int> SocketReceiveBufferBytes = Section.Int("socket.receive.buffer.bytes", 102400, null,
        High(ReadOnly, "Receive buffer of server sockets, in bytes; -1 leaves it to the system.").NotYet());

    public static readonly ConfigKey<int> SocketSendBufferBytes = Section.Int("socket.send.buffer.bytes", 102400, null,
        High(ReadOnly, "Send buffer of server sockets, in bytes; -1 leaves it to the system.").NotYet());

    public static readonly ConfigKey<int> SocketRequestMaxBytes = Section.Int("socket.request.max.bytes", 104857600, ConfigRule.AtLeast(1),
        High(ReadOnly, "Largest request accepted, in bytes; a larger one closes its connection."));

    public static readonly ConfigKey<long> SocketConnectionSetupTimeoutMs = Section.Long("socket.connection.setup.timeout.ms", 10000, null,
        Medium(ReadOnly, "How long the node waits for a connection it opens, in milliseconds, the first time.").NotYet());

    public static readonly ConfigKey<long> SocketConnectionSetupTimeoutMaxMs = Section.Long("socket.connection.setup.timeout.max.ms", 30000, null,
        Medium(ReadOnly, "How long the node waits at most for a connection it opens, in milliseconds, after failures.").NotYet());

    public static readonly ConfigKey<long> ConnectionsMaxIdleMs = Section.Long("connections.max.idle.ms", 600000, null,
        Medium(ReadOnly, "How long a connection may be idle before it is closed, in milliseconds."));

    public static readonly ConfigKey<long> ConnectionsMaxReauthMs = Section.Long("connections.max.reauth.ms", 0, null,
        Medium(ReadOnly, "How long a SASL session lasts before the client must authenticate again, in milliseconds; 0: for ever.").NotYet());

    public static readonly ConfigKey<int> ConnectionFailedAuthenticationDelayMs = Section.Int("connection.failed.authentication.delay.ms", 100, ConfigRule.AtLeast(0),
        Low(ReadOnly, "How long the answer to a failed authentication is held back, in milliseconds.").NotYet());

    public static readonly ConfigKey<int> MaxConnections = Section.Int("max.connections", int.MaxValue, ConfigRule.AtLeast(0),
        Medium(ClusterWide, "Connections the node takes in all."));

    public static readonly ConfigKey<int> MaxConnectionsPerIp = Section.Int("max.connections.per.ip", int.MaxValue, ConfigRule.AtLeast(0),
        Medium(ClusterWide, "Connections the node takes from one address."));

    public static readonly ConfigKey<string?> MaxConnectionsPerIpOverrides = Section.String("max.connections.per.ip.overrides", "", null,
        Medium(ClusterWide, "Exceptions to `max.connections.per.ip`, as `address:count` pairs."));

    public static readonly ConfigKey<int> MaxConnectionCreationRate = Section.Int("max.connection.creation.rate", int.MaxValue, ConfigRule.AtLeast(0),
        Medium(ClusterWide, "New connections the node takes per second.").NotYet());

    public static readonly ConfigKey<int> RequestTimeoutMs = Section.Int("request.timeout.ms", 30000, null,
        High(ReadOnly, "How long the node waits for the answer to a request of its own, in milliseconds."));
}
