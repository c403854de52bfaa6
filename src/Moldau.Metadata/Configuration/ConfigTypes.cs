namespace Moldau.Metadata.Configuration;

/// <summary>Type of a configuration value. The numbers are those of DescribeConfigs (KIP-569).</summary>
public enum ConfigType : sbyte
{
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

/// <summary>How much a key matters, as Kafka's documentation sorts them.</summary>
public enum Importance
{
    High,
    Medium,
    Low,
}

/// <summary>A value that a key does not take: says what was wrong, with which key, and what it takes.</summary>
public sealed class ConfigException(string key, string? value, string reason)
    : Exception($"Invalid value {value ?? "null"} for configuration {key}: {reason}")
{
    /// <summary>The key.</summary>
    public string Key { get; } = key;

    /// <summary>What the key takes, in words.</summary>
    public string Reason { get; } = reason;
}
