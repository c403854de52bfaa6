namespace Moldau.Metadata;

/// <summary>What a configuration belongs to; the numbers are those of the wire.</summary>
public enum ConfigResourceType : sbyte
{
    Unknown = 0,
    Topic = 2,
    Broker = 4,
    BrokerLogger = 8,
    ClientMetrics = 16,
    Group = 32,
}

/// <summary>A resource that has a configuration. The broker with the empty name is the cluster-wide default.</summary>
public readonly record struct ConfigResource(ConfigResourceType Type, string Name) : IComparable<ConfigResource>
{
    /// <summary>The default of every broker.</summary>
    public static readonly ConfigResource ClusterDefault = new(ConfigResourceType.Broker, "");

    /// <summary>A topic's configuration.</summary>
    public static ConfigResource Topic(string name) => new(ConfigResourceType.Topic, name);

    /// <summary>A node's own configuration.</summary>
    public static ConfigResource Broker(int id) => new(ConfigResourceType.Broker, id.ToString());

    public int CompareTo(ConfigResource other)
    {
        int byType = Type.CompareTo(other.Type);
        return byType != 0 ? byType : string.CompareOrdinal(Name, other.Name);
    }
}
