using System.IO.Hashing;
using System.Text.Json;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Tests.Facts;

namespace Moldau.Storage.Tests.Logs;

/// <summary>Data folders that Kafka wrote are opened, and give what Kafka's consumers got.</summary>
public sealed class KafkaLogDirectoryTests
{
    // What these nodes ran with.
    private static readonly LogConfig SmallSegments = new() { SegmentBytes = 4096, IndexIntervalBytes = 512, SegmentIndexBytes = 65536, RetentionMs = -1 };

    [Theory]
    [InlineData("plain")]
    [InlineData("transactions")]
    [InlineData("compacted")]
    [InlineData("retention")]
    public async Task Consumers_get_from_a_folder_what_they_got_from_kafka(string name)
    {
        using TemporaryFolder folder = SharedFacts.Unpack(name);
        await using TestStore store = await TestStore.Open(new PhysicalFileSystem(), Path.Join(folder.Path, "data"), SmallSegments);
        AssertConsumed(store, SharedFacts.LogDirectory(name).GetProperty("seen").GetProperty("consumed"));
    }

    [Fact]
    public async Task After_a_crash_consumers_get_everything_acknowledged_and_what_kafka_gave()
    {
        using TemporaryFolder folder = SharedFacts.Unpack("unclean");
        await using TestStore store = await TestStore.Open(new PhysicalFileSystem(), Path.Join(folder.Path, "data"), SmallSegments);
        JsonElement facts = SharedFacts.LogDirectory("unclean");
        foreach (JsonProperty acknowledged in facts.GetProperty("seen").GetProperty("acknowledgedLastOffset").EnumerateObject())
            Assert.True(Log(store, acknowledged.Name).LogEndOffset > acknowledged.Value.GetInt64());
        AssertConsumed(store, facts.GetProperty("consumedAfterRestart").GetProperty("consumed"));
    }

    [Fact]
    public async Task What_recovery_leaves_is_byte_for_byte_what_kafka_leaves()
    {
        using TemporaryFolder folder = SharedFacts.Unpack("unclean");
        string data = Path.Join(folder.Path, "data");
        await using (TestStore store = await TestStore.Open(new PhysicalFileSystem(), data, SmallSegments)) await store.Close();
        JsonElement after = SharedFacts.LogDirectory("unclean").GetProperty("afterRestart").GetProperty("partitions");
        foreach (string partition in new[] { "busy-0", "busy-1", "busy-2" })
        {
            JsonElement files = after.GetProperty(partition);
            IEnumerable<string> expected = files.EnumerateObject().Select(static file => file.Name).Order(StringComparer.Ordinal);
            Assert.Equal(expected, new PhysicalFileSystem().ListFiles(Path.Join(data, partition)));
            FolderFacts.AssertSame(files, Path.Join(data, partition), except: ["leader-epoch-checkpoint"]);
        }
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("transactions")]
    [InlineData("compacted")]
    [InlineData("retention")]
    [InlineData("groups")]
    [InlineData("metadata")]
    public async Task Opening_and_closing_changes_nothing(string name)
    {
        using TemporaryFolder folder = SharedFacts.Unpack(name);
        string data = Path.Join(folder.Path, "data");
        await using (TestStore store = await TestStore.Open(new PhysicalFileSystem(), data, SmallSegments))
        {
            Assert.All(store.Logs.Logs, static log => Assert.Equal(log.FlushedOffset, log.LogEndOffset));
            await store.Close();
        }

        foreach (JsonProperty partition in SharedFacts.LogDirectory(name).GetProperty("partitions").EnumerateObject())
        {
            // Kafka leaves the indexes of the metadata log and of deleted logs preallocated; the former are rebuilt, at their true length.
            bool preallocated = partition.Name == "__cluster_metadata-0" || partition.Name.EndsWith("-delete", StringComparison.Ordinal);
            FolderFacts.AssertSame(partition.Value, Path.Join(data, partition.Name), except: preallocated ? [".index", ".timeindex"] : []);
        }

        AssertCheckpoints(SharedFacts.LogDirectory(name).GetProperty("files"), data);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("transactions")]
    [InlineData("retention")]
    public async Task Indexes_and_snapshots_that_are_missing_are_rebuilt_as_kafka_wrote_them(string name)
    {
        using TemporaryFolder folder = SharedFacts.Unpack(name);
        string data = Path.Join(folder.Path, "data");
        string[] topics = [.. Directory.GetDirectories(data).Where(static path => !Path.GetFileName(path).StartsWith("__", StringComparison.Ordinal))];
        foreach (string file in topics.SelectMany(Directory.GetFiles))
        {
            if (Path.GetExtension(file) is ".index" or ".timeindex") File.Delete(file);
            if (Path.GetExtension(file) is ".txnindex" or ".snapshot") File.Delete(file);
        }

        File.Delete(Path.Join(data, CleanShutdownFile.Name));
        File.Delete(Path.Join(data, OffsetCheckpointFile.RecoveryPoint));
        await using (TestStore store = await TestStore.Open(new PhysicalFileSystem(), data, now: DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_100_000), configOf: ConfigOf)) await store.Close();
        foreach (string topic in topics)
        {
            JsonElement files = SharedFacts.LogDirectory(name).GetProperty("partitions").GetProperty(Path.GetFileName(topic));
            // Where the log does not begin at 0, a producer whose last batch went with its segment is known to no file any more.
            FolderFacts.AssertSame(files, topic, except: name == "retention" ? [".snapshot", ".deleted"] : []);
        }
    }

    [Theory]
    [InlineData("keep-tombstones", 86_400_000, false)]
    [InlineData("drop-tombstones", 0, true)]
    [InlineData("compact-tx", 0, true)]
    [InlineData("compact-gzip", 0, true)]
    public async Task What_kafka_has_cleaned_keeps_its_newest_values_when_it_is_cleaned_again(string topic, long deleteRetentionMs, bool dropsTombstones)
    {
        using TemporaryFolder folder = SharedFacts.Unpack("compacted");
        LogConfig config = SmallSegments with { Compact = true, Delete = false, MinCleanableDirtyRatio = 0, DeleteRetentionMs = deleteRetentionMs };
        // Before what Kafka wrote into the tombstones' batches as their time, or long after.
        DateTimeOffset now = DateTimeOffset.FromUnixTimeMilliseconds(dropsTombstones ? 1_900_000_000_000 : 1_795_430_000_000);
        await using TestStore store = await TestStore.Open(new PhysicalFileSystem(), Path.Join(folder.Path, "data"), config, now: now);
        PartitionLog log = store[topic, 0];
        Assert.True(log.State.CleanedTo > 100);
        log.SetHighWatermark(log.LogEndOffset);
        Dictionary<string, (long, string?)> before = Newest(log);
        for (int pass = 0; pass < 3; pass++)
        {
            log.Roll();
            log.RequestFlush();
            log.SetHighWatermark(log.LogEndOffset);
            log.State.CleanedTo = 0;
            Assert.True(await store.Clean() > 0);
            store.Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Dictionary<string, (long, string?)> after = Newest(log);
        Assert.Equal(after.Count, LogReading.Consume(log, log.LastStableOffset, committed: true).Count);
        foreach ((string key, (long offset, string? value)) in before)
        {
            if (value is null && dropsTombstones) Assert.False(after.ContainsKey(key));
            else Assert.Equal((offset, value), after[key]);
        }
    }

    private static Dictionary<string, (long, string?)> Newest(PartitionLog log)
    {
        Dictionary<string, (long, string?)> newest = [];
        foreach (DecodedRecord record in LogReading.Consume(log, log.LastStableOffset, committed: true)) newest[Convert.ToHexString(record.Key!)] = (record.Offset, record.Value is null ? null : Convert.ToHexString(record.Value));
        return newest;
    }

    [Fact]
    public async Task Producers_and_open_transactions_are_those_kafka_described()
    {
        using TemporaryFolder folder = SharedFacts.Unpack("transactions");
        await using TestStore store = await TestStore.Open(
            new PhysicalFileSystem(), Path.Join(folder.Path, "data"), SmallSegments, now: DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_100_000));
        foreach (JsonProperty partition in SharedFacts.LogDirectory("transactions").GetProperty("seen").GetProperty("describeProducers").EnumerateObject())
        {
            var expected = partition.Value.EnumerateArray().Select(static producer => (
                producer.GetProperty("producerId").GetInt64(), producer.GetProperty("epoch").GetInt32(),
                producer.GetProperty("lastSequence").GetInt32(), producer.GetProperty("currentTxnStart").GetInt64())).Order();
            var found = Log(store, partition.Name).ActiveProducers().Select(static producer => (
                producer.ProducerId.Value, (int)producer.ProducerEpoch, producer.LastSequence, producer.CurrentTransactionStartOffset.Value)).Order();
            Assert.Equal(expected, found);
        }
    }

    private static LogConfig? ConfigOf(TopicPartition partition) => partition.Topic switch
    {
        "plain" => SmallSegments,
        "append-time" or "tx" or "kept" or "deleted" => SmallSegments with { IndexIntervalBytes = 256 },
        _ => null,
    };

    private static void AssertConsumed(TestStore store, JsonElement consumed)
    {
        foreach (JsonProperty partition in consumed.EnumerateObject())
        {
            PartitionLog log = Log(store, partition.Name);
            log.SetHighWatermark(log.LogEndOffset);
            foreach (string isolation in new[] { "read_uncommitted", "read_committed" })
            {
                JsonElement expected = partition.Value.GetProperty(isolation);
                bool committed = isolation == "read_committed";
                Offset bound = committed ? log.LastStableOffset : log.HighWatermark;
                Assert.Equal(expected.GetProperty("beginningOffset").GetInt64(), log.LogStartOffset.Value);
                Assert.Equal(expected.GetProperty("endOffset").GetInt64(), bound.Value);
                List<DecodedRecord> records = LogReading.Consume(log, bound, committed);
                Assert.Equal(Offsets(expected), records.Select(static record => record.Offset.Value));
                Assert.Equal(expected.GetProperty("values").GetProperty("crc32OfValuesInOrder").GetUInt32(), Checksum(records));
            }
        }
    }

    private static IEnumerable<long> Offsets(JsonElement expected) => expected.GetProperty("offsets").EnumerateArray()
        .SelectMany(static range => Enumerable.Range(0, (int)(range[1].GetInt64() - range[0].GetInt64() + 1)).Select(i => range[0].GetInt64() + i));

    private static uint Checksum(List<DecodedRecord> records)
    {
        var crc = new Crc32();
        foreach (DecodedRecord record in records) crc.Append(record.Value ?? []);
        return crc.GetCurrentHashAsUInt32();
    }

    private static void AssertCheckpoints(JsonElement files, string data)
    {
        foreach (string name in new[] { OffsetCheckpointFile.RecoveryPoint, OffsetCheckpointFile.HighWatermark, OffsetCheckpointFile.LogStart })
        {
            string[] expected = files.GetProperty(name).GetString()!.Split('\n');
            string[] found = File.ReadAllText(Path.Join(data, name)).Split('\n');
            Assert.Equal(expected.Order(StringComparer.Ordinal), found.Order(StringComparer.Ordinal));
        }

        Assert.Equal("{\"version\":0,\"brokerEpoch\":7}", File.ReadAllText(Path.Join(data, CleanShutdownFile.Name)));
    }

    private static PartitionLog Log(TestStore store, string name)
    {
        int dash = name.LastIndexOf('-');
        return store[name[..dash], int.Parse(name[(dash + 1)..])];
    }
}
