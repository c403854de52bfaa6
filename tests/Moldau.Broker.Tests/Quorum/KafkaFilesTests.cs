using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using Moldau.Broker.Quorum;
using Moldau.Broker.Quorum.Formatting;
using Moldau.Broker.Quorum.Snapshots;
using Moldau.Metadata;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Transport;
using Moldau.Raft;
using Moldau.Storage.Files;

namespace Moldau.Broker.Tests.Quorum;

/// <summary>Kafka's own files are read as Kafka reads them, and ours by Kafka's tools.</summary>
public sealed class KafkaFilesTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly PhysicalFileSystem files = new();
    private readonly IScheduler scheduler = new ThreadPoolScheduler(TimeProvider.System, (_, _) => { });

    public void Dispose() => folder.Dispose();

    private string Unpack(string name)
    {
        string facts = Shared.Facts("logdirs");
        using var tar = new GZipStream(File.OpenRead(Path.Join(facts, name + ".tar.gz")), CompressionMode.Decompress);
        TarFile.ExtractToDirectory(tar, folder.Path, overwriteFiles: true);
        return Path.Join(folder.Path, "data");
    }

    private static JsonNode Decoded(string name) =>
        JsonNode.Parse(File.ReadAllText(Path.Join(Shared.Facts("logdirs"), name + ".json")))!["partitions"]!["__cluster_metadata-0"]!;

    private static IEnumerable<JsonNode> RecordsOf(JsonNode file) =>
        file["batches"]!.AsArray().SelectMany(batch => batch!["records"]!.AsArray()).Select(record => record!["message"]).OfType<JsonNode>();

    private static void AssertSame(IEnumerable<JsonNode> expected, IEnumerable<MetadataRecord> actual)
    {
        JsonNode[] wanted = [.. expected];
        MetadataRecord[] found = [.. actual];
        Assert.Equal(wanted.Length, found.Length);
        for (int i = 0; i < wanted.Length; i++)
        {
            Assert.Equal(wanted[i]["type"]!.GetValue<string>(), found[i].Message.Schema.Name);
            Assert.Equal(wanted[i]["version"]!.GetValue<short>(), found[i].Version);
            Assert.True(JsonNode.DeepEquals(wanted[i]["data"], found[i].Message.ToJson(found[i].Version)), $"record {i}: {wanted[i]} is read as {found[i].Message.ToJson(found[i].Version)}");
        }
    }

    [Fact]
    public void Every_snapshot_of_a_kafka_node_decodes_to_its_facts()
    {
        string metadata = Path.Join(Unpack("metadata"), "__cluster_metadata-0");
        int snapshots = 0;
        foreach ((string name, JsonNode? file) in Decoded("metadata").AsObject())
        {
            if (!SnapshotNames.TryParse(name, out OffsetAndEpoch id)) continue;
            using SnapshotReader reader = SnapshotReader.Open(files, metadata, id);
            JsonArray control = file!["batches"]![0]!["records"]!.AsArray();
            Assert.Equal(control[0]!["control"]!["value"]!["lastContainedLogTimestamp"]!.GetValue<long>(), reader.LastContainedLogTimestampMs);
            Assert.Equal(1, reader.KRaftVersion);
            Assert.Equal(control[2]!["control"]!["value"]!["voters"]![0]!["voterDirectoryId"]!.GetValue<string>(), reader.Voters!.Nodes[0].Key.DirectoryId.ToString());
            AssertSame(RecordsOf(file), reader.Records());
            snapshots++;
        }

        Assert.Equal(5, snapshots);
    }

    [Fact]
    public async Task A_kafka_nodes_directory_is_taken_over_from_its_newest_snapshot_on()
    {
        string data = Unpack("metadata");
        var host = new QuorumHost(files, scheduler, data);
        await host.StartAsync();
        await host.Listener.LeadsAsync();
        Assert.Equal("snapshot 212", host.Listener.Events[0]);
        JsonObject decoded = Decoded("metadata").AsObject();
        AssertSame(RecordsOf(decoded["00000000000000000212-0000000001.checkpoint"]!), host.Listener.Snapshot);
        Assert.Equal(2, host.Raft.Status.Epoch);
        Assert.Equal(9093, host.Raft.Status.Voters.Nodes[0].Endpoints[0].Port);
        await host.StopAsync();
    }

    [Fact]
    public async Task A_kafka_nodes_whole_log_decodes_to_its_facts()
    {
        string data = Unpack("metadata");
        foreach (string snapshot in Directory.GetFiles(Path.Join(data, "__cluster_metadata-0"), "*-0000000001.checkpoint")) File.Delete(snapshot);
        var host = new QuorumHost(files, scheduler, data);
        await host.StartAsync();
        await host.Listener.LeadsAsync();
        AssertSame(RecordsOf(Decoded("metadata")["00000000000000000000.log"]!), host.Listener.Records.Select(entry => entry.Record));
        await host.StopAsync();
    }

    [Fact]
    public void Control_batches_are_byte_for_byte_kafkas()
    {
        string metadata = Path.Join(Unpack("metadata"), "__cluster_metadata-0");
        byte[] log = File.ReadAllBytes(Path.Join(metadata, "00000000000000000000.log"));
        var first = new RecordBatchEnumerator(log);
        Assert.True(first.MoveNext());
        using SnapshotReader bootstrap = SnapshotReader.Open(files, metadata, OffsetAndEpoch.Bootstrap);
        byte[] ours = ControlRecords.Encode(0, 1, first.Current.MaxTimestamp,
            [new LeaderChangeRecord(1, [1], [1]), new KRaftVersionChange(1), new VotersChange(bootstrap.Voters!)]);
        Assert.Equal(first.CurrentBytes.ToArray(), ours);
    }

    [Fact]
    public void A_snapshot_written_anew_has_kafkas_bytes_but_for_its_times()
    {
        string metadata = Path.Join(Unpack("metadata"), "__cluster_metadata-0");
        string name = SnapshotNames.Of(OffsetAndEpoch.Bootstrap);
        byte[] kafkas = File.ReadAllBytes(Path.Join(metadata, name));
        string copy = Directory.CreateDirectory(Path.Join(folder.Path, "copy")).FullName;
        using (SnapshotReader reader = SnapshotReader.Open(files, metadata, OffsetAndEpoch.Bootstrap))
        using (var writer = new SnapshotWriter(files, copy, OffsetAndEpoch.Bootstrap, reader.LastContainedLogTimestampMs, reader.KRaftVersion, reader.Voters, 77))
        {
            foreach (MetadataRecord record in reader.Records()) writer.Append(record);
            writer.Complete();
        }

        byte[] ours = File.ReadAllBytes(Path.Join(copy, name));
        Assert.Equal(kafkas.Length, ours.Length);
        foreach (byte[] bytes in new[] { kafkas, ours })
        {
            for (int position = 0; position < bytes.Length;)
            {
                RecordBatch.Probe(bytes.AsSpan(position), out int size);
                bytes.AsSpan(position + 17, 4).Clear();
                bytes.AsSpan(position + 27, 16).Clear();
                position += size;
            }
        }

        Assert.Equal(kafkas, ours);
    }

    [Fact]
    public async Task Kafkas_dump_tool_reads_our_log_and_snapshots()
    {
        string tool = Shared.KafkaTool;
        var host = new QuorumHost(files, scheduler, Path.Join(folder.Path, "ours"));
        await host.StartAsync();
        long last = host.Raft.Append(1, [RaftNodeTests.Topic("dumped"), RaftNodeTests.Topic("too")]);
        await host.Listener.CommittedAsync(last);
        await host.Raft.CreateSnapshotAsync(new OffsetAndEpoch(last + 1, 1), 1_700_000_000_000, [RaftNodeTests.Topic("dumped")]);
        await host.StopAsync();

        string log = await RunAsync(tool, "dump-log", "--cluster-metadata-decoder", "--files", Path.Join(host.MetadataFolder, "00000000000000000000.log"));
        Assert.Contains("baseOffset: 0 lastOffset: 2 count: 3", log, StringComparison.Ordinal);
        Assert.Contains("isvalid: true", log, StringComparison.Ordinal);
        Assert.DoesNotContain("isvalid: false", log, StringComparison.Ordinal);
        Assert.Contains("LeaderChange: {\"version\":0,\"leaderId\":1,\"voters\":[{\"voterId\":1}],\"grantingVoters\":[{\"voterId\":1}]}", log, StringComparison.Ordinal);
        Assert.Contains("payload: {\"type\":\"TOPIC_RECORD\",\"version\":0,\"data\":{\"name\":\"dumped\"", log, StringComparison.Ordinal);

        foreach (string name in (string[])["00000000000000000000-0000000000.checkpoint", "00000000000000000005-0000000001.checkpoint"])
        {
            string snapshot = await RunAsync(tool, "dump-log", "--cluster-metadata-decoder", "--files", Path.Join(host.MetadataFolder, name));
            Assert.Contains("SnapshotHeader {\"version\":0,\"lastContainedLogTimestamp\":", snapshot, StringComparison.Ordinal);
            Assert.Contains("SnapshotFooter {\"version\":0}", snapshot, StringComparison.Ordinal);
            Assert.DoesNotContain("isvalid: false", snapshot, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Kafkas_storage_tool_and_ours_write_the_same_directory()
    {
        string tool = Shared.KafkaTool;
        string theirs = Path.Join(folder.Path, "theirs"), ours = Path.Join(folder.Path, "ours"), config = Path.Join(folder.Path, "server.properties");
        await File.WriteAllLinesAsync(config,
        [
            "process.roles=broker,controller", "node.id=1", "listeners=PLAINTEXT://127.0.0.1:19092,CONTROLLER://127.0.0.1:9093",
            "controller.listener.names=CONTROLLER", "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
            "controller.quorum.bootstrap.servers=127.0.0.1:9093", $"log.dirs={theirs}",
        ], TestContext.Current.CancellationToken);
        string said = await RunAsync(tool, "storage", "format", "--standalone", "-t", QuorumHost.ClusterId, "-c", config);
        FormatResult result = await new StorageFormatter(files, scheduler).FormatAsync(new QuorumHost(files, scheduler, ours).Format);
        Assert.Contains(Assert.Single(result.Lines).Replace(ours, theirs, StringComparison.Ordinal), said, StringComparison.Ordinal);

        Assert.Equal(Names(theirs), Names(ours));
        Assert.Equal(Properties(theirs), Properties(ours));
        Assert.Equal(Describe(theirs), Describe(ours));

        static string[] Names(string directory) =>
            [.. Directory.GetFiles(directory, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(directory, file)).Order(StringComparer.Ordinal)];

        static string[] Properties(string directory) =>
            [.. File.ReadAllLines(Path.Join(directory, "meta.properties")).Where(line => !line.StartsWith('#') && !line.StartsWith("directory.id", StringComparison.Ordinal))];

        string Describe(string directory)
        {
            using SnapshotReader reader = SnapshotReader.Open(files, Path.Join(directory, "__cluster_metadata-0"), OffsetAndEpoch.Bootstrap);
            VoterNode voter = Assert.Single(reader.Voters!.Nodes);
            return $"{reader.SizeInBytes} {reader.KRaftVersion} {voter.Id} {string.Join(',', voter.Endpoints)} {voter.MinKRaftVersion}-{voter.MaxKRaftVersion} "
                + string.Join(' ', reader.Records().Select(record => record.Message.ToJson(record.Version).ToJsonString()));
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task A_kafka_node_starts_on_our_directory_and_we_on_what_it_made_of_it()
    {
        string tool = Shared.KafkaTool;
        (int client, int controller) = FreePorts();
        string data = Path.Join(folder.Path, "data"), config = Path.Join(folder.Path, "server.properties");
        var host = new QuorumHost(files, scheduler, data) { Endpoints = [new VoterEndpoint("CONTROLLER", "127.0.0.1", controller)] };
        await host.StartAsync();
        await host.Listener.LeadsAsync();
        await host.StopAsync();

        await File.WriteAllLinesAsync(config,
        [
            "process.roles=broker,controller", "node.id=1", $"listeners=PLAINTEXT://127.0.0.1:{client},CONTROLLER://127.0.0.1:{controller}",
            "controller.listener.names=CONTROLLER", "listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
            $"controller.quorum.bootstrap.servers=127.0.0.1:{controller}", $"log.dirs={data}",
        ], TestContext.Current.CancellationToken);
        string said = await RunServerAsync(tool, config);
        Assert.Contains("Kafka Server started", said, StringComparison.Ordinal);

        await host.StartAsync();
        await host.Listener.LeadsAsync();
        Assert.Equal(3, host.Listener.LeaderEpoch);
        Assert.Contains(host.Listener.Records, entry => entry.Record.Message is RegisterBrokerRecord { BrokerId: 1 });
        Assert.Contains(host.Listener.Records, entry => entry.Record.Message is FeatureLevelRecord { Name: "metadata.version", FeatureLevel: 33 });
        await host.StopAsync();
    }

    private static (int, int) FreePorts()
    {
        using var first = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        using var second = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        first.Start();
        second.Start();
        return (((System.Net.IPEndPoint)first.LocalEndpoint).Port, ((System.Net.IPEndPoint)second.LocalEndpoint).Port);
    }

    /// <summary>Runs a node until it says that it has started, then stops it as SIGTERM does.</summary>
    private static async Task<string> RunServerAsync(string tool, string config)
    {
        var start = new ProcessStartInfo(tool, ["server", config])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["KAFKA_HEAP"] = "-Xmx256m", ["KAFKA_LOG"] = "INFO" },
        };
        using Process process = Process.Start(start)!;
        try
        {
            var said = new System.Text.StringBuilder();
            Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            while (await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
            {
                said.AppendLine(line);
                if (!line.Contains("Kafka Server started", StringComparison.Ordinal)) continue;
                using Process stop = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
            }

            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return said.Append(await output).ToString();
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static async Task<string> RunAsync(string tool, params string[] arguments)
    {
        var start = new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["KAFKA_HEAP"] = "-Xmx128m" } };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        string said = await output + await errors;
        Assert.True(process.ExitCode == 0, said);
        return said;
    }
}
