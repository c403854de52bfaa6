using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;
using Moldau.Coordinators.Groups;
using Moldau.Coordinators.Groups.Classic;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Messages;
using Record = Moldau.Protocol.Batches.Record;

namespace Moldau.Coordinators.Tests.Groups;

/// <summary>The log that a node of Kafka 4.4 wrote, with groups of every type: what it adds up to is what that node said.</summary>
public sealed class KafkaLogTests : IDisposable
{
    private readonly JsonDocument facts = JsonDocument.Parse(File.ReadAllBytes(Facts.File("logdirs", "groups.json")));

    private readonly List<byte[]> logs = ReadLogs();

    private JsonElement Seen => facts.RootElement.GetProperty("seen");

    public void Dispose() => facts.Dispose();

    [Fact]
    public void Its_groups_are_listed_with_type_state_and_protocol()
    {
        IEnumerable<string> expected = Seen.GetProperty("groups").EnumerateObject().Select(group =>
            $"{group.Name}: {Text(group.Value, "type").ToLowerInvariant()} {Text(group.Value, "state")} '{Text(group.Value, "protocol")}'");
        IEnumerable<string> listed = Load().SelectMany(List).Select(group => $"{group.GroupId}: {group.GroupType} {group.GroupState} '{group.ProtocolType}'");
        Assert.Equal(expected.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Its_offsets_are_those_the_node_gave()
    {
        var expected = new SortedSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty group in Seen.GetProperty("committed").EnumerateObject())
        {
            foreach (JsonProperty partition in group.Value.EnumerateObject())
            {
                JsonElement offset = partition.Value;
                expected.Add($"{group.Name} {partition.Name} {offset.GetProperty("offset")} '{Text(offset, "metadata")}' {offset.GetProperty("leaderEpoch")}");
            }
        }

        var loaded = new SortedSet<string>(StringComparer.Ordinal);
        foreach (GroupShard shard in Load())
        {
            foreach (string group in shard.State.Offsets.Committed.Groups)
            {
                foreach (var (partition, offset) in shard.State.Offsets.Committed.Offsets(group))
                {
                    loaded.Add($"{group} {partition} {offset.Offset} '{offset.Metadata}' {offset.LeaderEpoch}");
                }
            }
        }

        Assert.Equal(expected, loaded);
    }

    [Fact]
    public void Its_open_transaction_makes_an_offset_unstable()
    {
        GroupShard shard = Load().Single(shard => shard.State.Offsets.Has("g-txn"));
        Assert.True(shard.State.Offsets.IsPending("g-txn", "in", 0));
    }

    [Fact]
    public void Its_static_member_goes_on()
    {
        ClassicGroup group = Load().Select(shard => shard.Live.Find("g-classic")).Single(found => found is not null)!;
        ClassicMember member = Assert.Single(group.Members);
        Assert.Equal((3, "range", "static-1"), (group.Generation, group.ProtocolName, member.GroupInstanceId));
        Assert.True(group.IsSubscribedTo("in"));
        Assert.False(group.IsSubscribedTo("other"));
    }

    [Fact]
    public void Every_record_is_written_back_to_the_same_bytes()
    {
        int count = 0;
        foreach (byte[] log in logs)
        {
            Walk(log, (_, _, record) =>
            {
                CoordinatorRecord decoded = GroupRecordCodec.Decode(record.Key.Memory, record.Value)!.Value;
                Assert.Equal(record.Key.ToArray(), GroupRecordCodec.EncodeKey(decoded.Key));
                Assert.Equal(record.Value.ToArray(), GroupRecordCodec.EncodeValue(decoded));
                count++;
            });
        }

        Assert.True(count > 40, $"{count} records");
    }

    private static IReadOnlyList<ListGroupsResponse.ListedGroup> List(GroupShard shard)
    {
        CoordinatorResult asked = shard.ListGroups(0, [], [], new ReplyToken(1));
        return ((ShardListing)shard.Committed(0, asked).Replies[0].Response).Groups;
    }

    private List<GroupShard> Load()
    {
        var shards = new List<GroupShard>();
        foreach (byte[] log in logs)
        {
            var shard = new GroupShard(new GroupConfig());
            Walk(
                log,
                (producer, offset, record) => shard.Replay(offset, producer, GroupRecordCodec.Decode(record.Key.Memory, record.Value)!.Value),
                shard.ReplayEndTransaction);
            shards.Add(shard);
        }

        return shards;
    }

    private static void Walk(byte[] log, Action<ProducerId, long, Record> record, Action<ProducerId, bool>? marker = null)
    {
        var batches = new RecordBatchEnumerator(log);
        while (batches.MoveNext())
        {
            RecordBatchHeader header = batches.Current;
            ProducerId producer = header.IsTransactional ? header.ProducerId : ProducerId.None;
            foreach (Record each in RecordReader.Open(log.AsMemory(batches.Position, header.SizeInBytes)))
            {
                if (!header.IsControl) record(producer, each.Offset, each);
                else marker?.Invoke(producer, each.ControlType == ControlRecordType.Commit);
            }
        }
    }

    /// <summary>The log files of the offsets topic out of the node's data folder.</summary>
    private static List<byte[]> ReadLogs()
    {
        using var archive = new TarReader(new GZipStream(File.OpenRead(Facts.File("logdirs", "groups.tar.gz")), CompressionMode.Decompress));
        var found = new List<byte[]>();
        while (archive.GetNextEntry() is { } entry)
        {
            if (!entry.Name.Contains("__consumer_offsets-", StringComparison.Ordinal) || !entry.Name.EndsWith(".log", StringComparison.Ordinal)) continue;
            using var bytes = new MemoryStream();
            entry.DataStream!.CopyTo(bytes);
            found.Add(bytes.ToArray());
        }

        Assert.Equal(2, found.Count);
        return found;
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";
}
