using System.Globalization;
using System.Text.Json;
using Moldau.Processes;

namespace Moldau.Compat.JavaTools;

/// <summary>Snapshots of the metadata log that a real node takes by itself: it starts from them, and Apache Kafka's tools read them.</summary>
public sealed class MetadataSnapshotTests
{
    private readonly KafkaPeer _peer = Client.RequirePeer();

    /// <summary>By size, with the log deleted behind it; and by time.</summary>
    [Theory]
    [InlineData("metadata.log.max.record.bytes.between.snapshots=500", "metadata.max.retention.bytes=1000", "internal.metadata.log.segment.bytes=1000")]
    [InlineData("metadata.log.max.snapshot.interval.ms=500")]
    public async Task What_was_set_survives_in_a_snapshot_that_Kafka_reads(params string[] settings)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var program = new MoldauProgram(MoldauProgram.BuiltExecutable());
        var setup = new NodeSetup(folder.Path, FreePorts.NextPair())
        {
            ByPropertiesFile = true,
            Settings = settings.Select(setting => setting.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]),
        };
        await FormatForOlderToolsAsync(program, setup, token);
        await using (NodeProcess node = await NodeProcess.StartedAsync(program, setup, token))
        {
            await RunAsync("topic", "create", "kept", "--partitions", "2", "--config", "retention.ms=4321");
            await RunAsync("config", "set", "group", "consumer.session.timeout.ms=50000", "--name", "g");
            await RunAsync("config", "set", "client-metrics", "interval.ms=2000", "--name", "m");
            await RunAsync("config", "set", "cluster", "log.retention.ms=54321");
            long end = JsonDocument.Parse(await RunAsync("cluster", "quorum", "--json")).RootElement.GetProperty("highWatermark").GetInt64();
            await Client.EventuallyAsync(
                async () =>
                {
                    await RunAsync("config", "set", "broker", "log.retention.ms=65432", "--name", "1");
                    return Newest(setup);
                },
                newest => long.Parse(newest[..20], CultureInfo.InvariantCulture) >= end,
                token);
            Assert.Equal(0, await node.StopAsync());
        }

        string checkpoint = Path.Combine(setup.DataFolder, "__cluster_metadata-0", Newest(setup));
        Assert.Contains("4321", await ReadAsync(checkpoint, "/image/configs/TOPIC:kept/retention.ms"));
        Assert.Contains("leader=", await ReadAsync(checkpoint, "/image/topics/byName/kept/1"));
        string dumped = (await _peer.RunToolAsync(["dump-log", "--cluster-metadata-decoder", "--files", checkpoint], token: token)).Succeeded().Output;
        Assert.Contains("""{"resourceType":32,"resourceName":"g","name":"consumer.session.timeout.ms","value":"50000"}""", dumped);
        foreach (string segment in Directory.EnumerateFiles(Path.GetDirectoryName(checkpoint)!, "*.log"))
        {
            (await _peer.RunToolAsync(["dump-log", "--cluster-metadata-decoder", "--files", segment], token: token)).Succeeded();
        }

        await using NodeProcess again = await NodeProcess.StartedAsync(program, setup, token);
        Assert.Contains("50000", await RunAsync("config", "describe", "group", "--name", "g"));
        Assert.Contains("2000", await RunAsync("config", "describe", "client-metrics", "--name", "m"));
        Assert.Contains("4321", await RunAsync("config", "describe", "topic", "--name", "kept"));
        Assert.Contains("54321", await RunAsync("config", "describe", "cluster"));
        Assert.Equal(0, await again.StopAsync());

        async Task<string> RunAsync(params string[] arguments) =>
            (await ChildProcess.RunAsync(program.Executable, arguments, environment: new Dictionary<string, string> { ["MOLDAU_BOOTSTRAP"] = setup.Bootstrap }, token: token)).Succeeded().Output;
    }

    // The tools that read snapshots are of 4.3 and refuse the metadata.version of a later release.
    private static async Task FormatForOlderToolsAsync(MoldauProgram program, NodeSetup setup, CancellationToken token)
    {
        string file = Path.Combine(setup.Folder, "format.properties");
        Directory.CreateDirectory(setup.Folder);
        await File.WriteAllLinesAsync(
            file,
            [
                "process.roles=broker,controller", "node.id=1", $"listeners=PLAINTEXT://127.0.0.1:{setup.Port},CONTROLLER://127.0.0.1:{setup.Port + 1}", "controller.listener.names=CONTROLLER",
                $"controller.quorum.bootstrap.servers=127.0.0.1:{setup.Port + 1}", $"log.dirs={setup.DataFolder}",
            ],
            token);
        string[] format = ["storage", "format", "--standalone", "--release-version", "4.3", "--cluster-id", NodeSetup.ClusterId, "--config", file];
        (await ChildProcess.RunAsync(program.Executable, format, token: token)).Succeeded();
    }

    // The tool runs its command beside its reading of the file: on a busy machine it may find nothing there yet.
    private Task<string> ReadAsync(string checkpoint, string path) => Client.EventuallyAsync(
        async () => (await _peer.RunToolAsync(["metadata-shell", "--snapshot", checkpoint, "cat", path], token: TestContext.Current.CancellationToken)).Succeeded().Output,
        output => !output.Contains("No such file or directory", StringComparison.Ordinal),
        TestContext.Current.CancellationToken);

    private static string Newest(NodeSetup setup) => Directory.EnumerateFiles(Path.Combine(setup.DataFolder, "__cluster_metadata-0"), "*.checkpoint")
        .Select(file => Path.GetFileName(file)).Max(StringComparer.Ordinal)!;
}
