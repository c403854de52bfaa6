namespace Moldau.Processes;

/// <summary>Where a node keeps its data, where it listens, and what it is told beyond its defaults.</summary>
/// <param name="Folder">Holds the data and the properties file; nothing else may be in it.</param>
/// <param name="Port">Clients connect here, on loopback; with a properties file the controller listens one above.</param>
public sealed record NodeSetup(string Folder, int Port)
{
    /// <summary>Configuration keys and values beyond the defaults.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// False: Moldau is started as a person would, by command-line options alone. True: by a formatted folder and a properties file that
    /// Apache Kafka reads too, so that either program opens what the other wrote.
    /// </summary>
    public bool ByPropertiesFile { get; init; }

    public string DataFolder => Path.Combine(Folder, "data");

    public string PropertiesFile => Path.Combine(Folder, "server.properties");

    public string Bootstrap => $"127.0.0.1:{Port}";

    /// <summary>A cluster id of ours, in Kafka's form: 16 bytes in URL-safe base64.</summary>
    public static string ClusterId => "bW9sZGF1LWNvbXBhdC0wMQ";

    internal void WriteProperties()
    {
        Directory.CreateDirectory(Folder);
        var lines = new List<string>
        {
            "process.roles=broker,controller",
            "node.id=1",
            $"listeners=PLAINTEXT://127.0.0.1:{Port},CONTROLLER://127.0.0.1:{Port + 1}",
            $"advertised.listeners=PLAINTEXT://127.0.0.1:{Port}",
            "controller.listener.names=CONTROLLER",
            "inter.broker.listener.name=PLAINTEXT",
            "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            $"controller.quorum.bootstrap.servers=127.0.0.1:{Port + 1}",
            $"log.dirs={DataFolder}",
            "offsets.topic.replication.factor=1",
            "transaction.state.log.replication.factor=1",
            "transaction.state.log.min.isr=1",
            "share.coordinator.state.topic.replication.factor=1",
            "share.coordinator.state.topic.min.isr=1",
        };
        lines.AddRange(Settings.Select(setting => $"{setting.Key}={setting.Value}"));
        File.WriteAllLines(PropertiesFile, lines);
    }
}
