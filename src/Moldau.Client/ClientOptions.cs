namespace Moldau.Client;

/// <summary>What producers, consumers and admin calls of one client have in common. Names and defaults follow Kafka's client configuration.</summary>
public sealed record ClientOptions
{
    /// <summary><c>bootstrap.servers</c>: <c>host:port</c> of some brokers of the cluster; the others are found through them.</summary>
    public required IReadOnlyList<string> BootstrapServers { get; init; }

    /// <summary><c>client.id</c>: the name under which brokers log and count the client.</summary>
    public string ClientId { get; init; } = "moldau";

    /// <summary><c>request.timeout.ms</c>: how long an answer may take before the connection is given up. Default 30 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>socket.connection.setup.timeout.ms</c>: how long connecting may take. Default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary><c>default.api.timeout.ms</c>: how long an operation is retried. Default 60 s.</summary>
    public TimeSpan OperationTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary><c>metadata.max.age.ms</c>: metadata older than this is asked for again when it is next used. Default 5 minutes.</summary>
    public TimeSpan MetadataMaxAge { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary><c>retry.backoff.ms</c>: the pause before the first retry; it doubles with each further one (KIP-580). Default 100 ms.</summary>
    public TimeSpan RetryBackoff { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary><c>retry.backoff.max.ms</c>: the longest pause between retries. Default 1 s.</summary>
    public TimeSpan RetryBackoffMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary><c>reconnect.backoff.ms</c>: the pause before a broker is tried again; it doubles. Default 50 ms.</summary>
    public TimeSpan ReconnectBackoff { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary><c>reconnect.backoff.max.ms</c>. Default 1 s.</summary>
    public TimeSpan ReconnectBackoffMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Options for brokers given as one comma-separated text.</summary>
    /// <exception cref="FormatException">A part is not <c>host:port</c>.</exception>
    public static ClientOptions For(string bootstrapServers)
    {
        string[] servers = bootstrapServers.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (servers.Length == 0) throw new FormatException("at least one bootstrap server is needed, as host:port");
        foreach (string server in servers) HostAndPort.Parse(server);
        return new ClientOptions { BootstrapServers = servers };
    }
}
