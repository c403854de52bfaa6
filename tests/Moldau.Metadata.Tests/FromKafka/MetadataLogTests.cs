using System.Text.Json;
using Moldau.Metadata.Control;
using Moldau.Metadata.Features;
using Moldau.Metadata.Image;
using Moldau.Metadata.Tests.Control;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Tests.FromKafka;

/// <summary>The metadata log of a real node, with its snapshots.</summary>
public sealed class MetadataLogTests
{


    private static JsonElement Root() => JsonDocument.Parse(File.ReadAllBytes(Present.Fact("logdirs/metadata.json"))).RootElement;

    /// <summary>Metadata records of a file, with their offsets; raft's control records are left out.</summary>
    private static List<(long Offset, MetadataRecord Record)> Records(JsonElement root, string file)
    {
        var records = new List<(long, MetadataRecord)>();
        foreach (JsonElement batch in root.GetProperty("partitions").GetProperty("__cluster_metadata-0").GetProperty(file).GetProperty("batches").EnumerateArray())
        {
            foreach (JsonElement entry in batch.GetProperty("records").EnumerateArray())
            {
                if (!entry.TryGetProperty("message", out JsonElement message)) continue;
                short version = message.GetProperty("version").GetInt16();
                IMessage record = MessageCatalog.CreateMetadataRecord(message.GetProperty("apiKey").GetInt16())!;
                record.ReadJson(message.GetProperty("data"), version);
                records.Add((entry.GetProperty("offset").GetInt64(), new MetadataRecord(record, version)));
            }
        }

        return records;
    }

    private static MetadataImage Replay(IEnumerable<MetadataRecord> records)
    {
        var delta = new MetadataDelta(MetadataImage.Empty);
        foreach (MetadataRecord record in records) delta.Replay(record.Message);
        return delta.Apply(MetadataProvenance.Empty);
    }

    private static IEnumerable<string> Snapshots(JsonElement root) =>
        root.GetProperty("partitions").GetProperty("__cluster_metadata-0").EnumerateObject().Select(f => f.Name)
            .Where(name => name.EndsWith(".checkpoint", StringComparison.Ordinal) && name[0] == '0' && !name.StartsWith("00000000000000000000-", StringComparison.Ordinal));

    [Fact]
    public void The_whole_log_gives_the_topics_and_features_that_clients_saw()
    {
        JsonElement root = Root();
        MetadataImage image = Replay(Records(root, "00000000000000000000.log").Select(r => r.Record));
        JsonElement seen = root.GetProperty("seen");
        Assert.Equal(
            seen.GetProperty("topics").EnumerateObject().Select(t => (t.Name, t.Value.GetProperty("topicId").GetString(), t.Value.GetProperty("partitions").GetInt32())).OrderBy(t => t.Name, StringComparer.Ordinal),
            image.Topics.All.Select(t => (t.Name, (string?)t.Id.ToString(), t.Partitions.Count)));
        var finalized = seen.GetProperty("finalizedFeatures").EnumerateObject().ToDictionary(f => f.Name, f => f.Value.GetInt16());
        Assert.Equal(finalized["metadata.version"], image.Features.VersionOrThrow.Level);
        finalized.Remove("metadata.version");
        finalized.Remove("kraft.version");
        Assert.Equal(finalized.OrderBy(f => f.Key, StringComparer.Ordinal), image.Features.Finalized);
    }

    [Fact]
    public void At_each_snapshot_the_log_gives_the_same_image_as_the_snapshot()
    {
        JsonElement root = Root();
        List<(long Offset, MetadataRecord Record)> log = Records(root, "00000000000000000000.log");
        string[] snapshots = [.. Snapshots(root)];
        Assert.Equal(4, snapshots.Length);
        foreach (string snapshot in snapshots)
        {
            // The name's offset is that of the first record that is not in it.
            long end = long.Parse(snapshot[..20]);
            MetadataImage fromLog = Replay(log.Where(r => r.Offset < end).Select(r => r.Record));
            MetadataImage fromSnapshot = Replay(Records(root, snapshot).Select(r => r.Record));
            Assert.Equal(TestCluster.Lines(fromSnapshot), TestCluster.Lines(fromLog));
        }
    }

    [Fact]
    public void Our_snapshot_holds_the_same_records_as_Kafkas()
    {
        JsonElement root = Root();
        foreach (string snapshot in Snapshots(root))
        {
            List<MetadataRecord> theirs = [.. Records(root, snapshot).Select(r => r.Record)];
            List<MetadataRecord> ours = [.. ImageWriter.Write(Replay(theirs))];
            Assert.Equal(theirs.Select(Sorted).Order(StringComparer.Ordinal), ours.Select(Sorted).Order(StringComparer.Ordinal));
            Assert.Equal(theirs.Select(r => r.Message.Schema.Name).Distinct(), ours.Select(r => r.Message.Schema.Name).Distinct());
        }
    }

    /// <summary>A record's line, with the lists that have no order sorted.</summary>
    private static string Sorted(MetadataRecord record)
    {
        if (record.Message is RegisterBrokerRecord broker) broker.Features = [.. broker.Features.OrderBy(f => f.Name, StringComparer.Ordinal)];
        if (record.Message is RegisterControllerRecord controller) controller.Features = [.. controller.Features.OrderBy(f => f.Name, StringComparer.Ordinal)];
        return TestCluster.Line(record);
    }

    [Fact]
    public void The_bootstrap_records_are_Kafkas()
    {
        JsonElement root = Root();
        List<MetadataRecord> checkpoint = [.. Records(root, "00000000000000000000-0000000000.checkpoint").Select(r => r.Record)];
        Assert.Equal(checkpoint.Select(TestCluster.Line), BootstrapMetadata.Records(MetadataVersion.Latest).Select(TestCluster.Line));

        var controller = new Controller(new ControllerOptions
        {
            ClusterId = "x", NodeId = 1, QuorumNodeIds = [1], ConfigRules = new StubConfigRules(), Random = new CountingRandom(1),
        });
        List<(long Offset, MetadataRecord Record)> log = Records(root, "00000000000000000000.log");
        Assert.Equal(
            log.TakeWhile(r => r.Record.Message is not NoOpRecord).Select(r => TestCluster.Line(r.Record)),
            controller.Activate(0, 3, checkpoint).Records.Select(TestCluster.Line));
    }

    [Fact]
    public void A_controller_takes_the_log_over_and_goes_on()
    {
        List<(long Offset, MetadataRecord Record)> log = Records(Root(), "00000000000000000000.log");
        var controller = new Controller(new ControllerOptions
        {
            ClusterId = "MkU3OEVBNTcwNTJENDM2Qg", NodeId = 1, QuorumNodeIds = [1], ConfigRules = new StubConfigRules(), Random = new CountingRandom(1),
        });
        foreach ((long offset, MetadataRecord record) in log) controller.Replay(record, offset);
        controller.Commit(log[^1].Offset);
        Assert.Equal(log[^1].Offset, controller.CommittedOffset);
        Assert.Empty(controller.Activate(0, log[^1].Offset + 2, []).Records);

        // The node was stopped: what it led has no leader, and is eligible (KIP-966).
        Assert.Equal(38, controller.State.Index.Leaderless.Count);
        Assert.Equal(38, controller.State.Index.InElr(1).Count);
    }
}
