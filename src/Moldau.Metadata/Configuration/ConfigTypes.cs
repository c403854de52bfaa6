namespace Moldau.Metadata.Configuration;

/// <summary>Type of a configuration value. The numbers are those of DescribeConfigs (KIP-569).</summary>
public enum ConfigType : sbyte
{
    /// <summary>Not a key that is known here.</summary>
    Unknown = 0,
    Boolean = 1,
    String = 2,
    Int = 3,
    Short = 4,
    Long = 5,
    Double = 6,
    List = 7,
    Class = 8,
    Password = 9,
}

/// <summary>How a broker key may change while the node runs (KIP-226).</summary>
public enum UpdateMode
{
    /// <summary>Only by a restart.</summary>
    ReadOnly,

    /// <summary>For one broker.</summary>
    PerBroker,

    /// <summary>For one broker, or for all as a default.</summary>
    ClusterWide,
}

/// <summary>Whether a key does anything here.</summary>
public enum KeyEffect
{
    /// <summary>It does what it says.</summary>
    InForce,

    /// <summary>What it belongs to is not there yet: it is accepted with a warning.</summary>
    NotYet,

    /// <summary>It has no meaning here, and will have none: it is accepted with a warning.</summary>
    None,
}

/// <summary>How much a key matters, as Kafka's documentation sorts them.</summary>
public enum Importance
{
    High,
    Medium,
    Low,
}

/// <summary>Where a value comes from. The numbers are those of DescribeConfigs.</summary>
public enum ConfigSource : sbyte
{
    /// <summary>Set on the topic.</summary>
    Topic = 1,

    /// <summary>Set dynamically on the broker.</summary>
    Broker = 2,

    /// <summary>Set dynamically as the default of all brokers.</summary>
    ClusterDefault = 3,

    /// <summary>In the node's configuration file or on its command line.</summary>
    File = 4,

    /// <summary>Set nowhere.</summary>
    Default = 5,

    /// <summary>A logger's level.</summary>
    BrokerLogger = 6,

    /// <summary>Set on the client metrics subscription.</summary>
    ClientMetrics = 7,

    /// <summary>Set on the group.</summary>
    Group = 8,
}
