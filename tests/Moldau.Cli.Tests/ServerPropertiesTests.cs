using System.Diagnostics;
using System.Globalization;
using Moldau.Processes;

namespace Moldau.Cli.Tests;

/// <summary>Kafka's own properties files start a node as they are, with other ports and another folder by <c>--set</c>.</summary>
public sealed class ServerPropertiesTests(MoldauCli cli)
{
    /// <summary>What the file of Kafka's distribution sets, for a broker and controller in one.</summary>
    private const string Distribution = """
        # A comment, and a key that is commented out:
        #log.retention.bytes=1073741824
        process.roles=broker,controller
        node.id=1
        controller.quorum.bootstrap.servers=localhost:9093
        listeners=PLAINTEXT://:9092,CONTROLLER://:9093
        inter.broker.listener.name=PLAINTEXT
        advertised.listeners=PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093
        controller.listener.names=CONTROLLER
        listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL
        num.network.threads=3
        num.io.threads=8
        socket.send.buffer.bytes=102400
        socket.receive.buffer.bytes=102400
        socket.request.max.bytes=104857600
        log.dirs=/tmp/kraft-combined-logs
        num.partitions=1
        num.recovery.threads.per.data.dir=1
        offsets.topic.replication.factor=1
        share.coordinator.state.topic.replication.factor=1
        share.coordinator.state.topic.min.isr=1
        transaction.state.log.replication.factor=1
        transaction.state.log.min.isr=1
        log.retention.hours=168
        log.segment.bytes=1073741824
        log.retention.check.interval.ms=300000
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_unknown_key_is_refused_in_one_line_that_names_the_nearest()
    {
        string file = Written(Distribution + "\nlog.retension.hours=1\n");

        Finished refused = await cli.RunAsync("start", "--config", file);

        Assert.Equal(
            (1, "moldau: Unknown configuration log.retension.hours: did you mean log.retention.hours?"),
            (refused.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, refused.Errors.Trim()));
        Assert.NotEqual(0, refused.ExitCode);
    }

    [Fact]
    public Task The_file_of_the_distribution_starts_a_node() => StartsAsync(Written(Distribution));

    [Fact]
    public async Task The_files_of_the_peer_start_a_node()
    {
        string[] files = RepositoryFolder.Shared is { } shared && Directory.Exists(Path.Combine(shared, "peers", "kafka", "config"))
            ? [.. Directory.EnumerateFiles(Path.Combine(shared, "peers", "kafka", "config"), "*.properties").Where(static file => File.ReadAllText(file).Contains("process.roles=broker,controller", StringComparison.Ordinal))]
            : [];
        if (files.Length == 0) Assert.Skip("needs ../shared: properties files are in its peers/kafka/config");
        foreach (string file in files) await StartsAsync(file);
    }

    private async Task StartsAsync(string file)
    {
        var setup = new NodeSetup(cli.PathOf(MoldauCli.NewName("properties")), FreePorts.NextPair()) { ByPropertiesFile = true };
        await using NodeProcess node = await NodeProcess.StartedAsync(new FileProgram(file), setup, Cancellation);

        string[] warnings = [.. node.Log.Split('\n').Where(static line => line.StartsWith("moldau: warning: ", StringComparison.Ordinal))];
        Assert.Equal(warnings.Distinct(), warnings);
        Assert.All(warnings, warning => Assert.Contains(warning.Split(' ')[2] + "=", File.ReadAllText(file), StringComparison.Ordinal));
        Assert.Equal(0, await node.StopAsync());
    }

    private string Written(string properties)
    {
        string file = cli.PathOf(MoldauCli.NewName("server.properties"));
        File.WriteAllText(file, properties);
        return file;
    }

    /// <summary>Formats a folder by a file of its own, and starts by the given one.</summary>
    private sealed class FileProgram(string file) : NodeProgram
    {
        private readonly MoldauProgram _formatting = new(MoldauCli.Executable);

        public override string Name => "moldau";

        public override Task PrepareAsync(NodeSetup setup, CancellationToken token) => _formatting.PrepareAsync(setup, token);

        public override ProcessStartInfo Start(NodeSetup setup)
        {
            string clients = string.Create(CultureInfo.InvariantCulture, $"PLAINTEXT://127.0.0.1:{setup.Port}"), controller = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{setup.Port + 1}");
            return ChildProcess.Describe(MoldauCli.Executable,
            [
                "start", "--config", file, "--set", $"log.dirs={setup.DataFolder}", "--set", $"listeners={clients},CONTROLLER://{controller}",
                "--set", $"advertised.listeners={clients},CONTROLLER://{controller}", "--set", $"controller.quorum.bootstrap.servers={controller}",
            ]);
        }
    }
}
