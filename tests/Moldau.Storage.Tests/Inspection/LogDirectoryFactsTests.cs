using System.IO.Hashing;
using System.Text.Json;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Inspection;
using Moldau.Storage.Tests.Facts;
using Moldau.Storage.Verification;

namespace Moldau.Storage.Tests.Inspection;

/// <summary>
/// Data folders of Kafka's nodes, whatever is in them: every file is read as the JSON beside the folder says, and the folder opens as a log store that gives
/// what Kafka's consumers got. The folder of the folders is named by KAFKA_LOGDIRS, else they are those of the facts.
/// </summary>
public sealed class LogDirectoryFactsTests
{
    private static readonly LogConfig KeepAll = LogConfig.Default with { RetentionMs = -1 };

    public static TheoryData<string> Names => SharedFacts.LogDirectoryNames;

    public static TheoryData<string> Consumed => SharedFacts.LogDirectoriesWhere(static facts => facts.TryGetProperty("consumedAfterRestart", out _)
        || facts.GetProperty("seen").TryGetProperty("consumed", out _) || facts.GetProperty("seen").TryGetProperty("acknowledgedLastOffset", out _));

    public static TheoryData<string> ClosedCleanly => SharedFacts.LogDirectoriesWhere(static facts => facts.GetProperty("files").TryGetProperty(CleanShutdownFile.Name, out _));

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_file_is_read_as_its_facts_say(string name)
    {
        using TemporaryFolder folder = Unpack(name);
        string data = DataFolder(folder);
        JsonElement facts = SharedFacts.LogDirectory(name);
        int compared = 0;
        foreach (JsonProperty partition in facts.GetProperty("partitions").EnumerateObject())
        {
            foreach (JsonProperty file in partition.Value.EnumerateObject())
                compared += InspectedFacts.AssertSame(file.Value, Path.Join(data, partition.Name, file.Name)) ? 1 : 0;
        }

        foreach (JsonProperty file in facts.GetProperty("files").EnumerateObject()) Assert.Equal(file.Value.GetString(), File.ReadAllText(Path.Join(data, file.Name)));
        Assert.True(compared > 0);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_log_opens_and_gives_the_records_of_its_segments(string name)
    {
        using TemporaryFolder folder = Unpack(name);
        string data = DataFolder(folder);
        JsonElement facts = SharedFacts.LogDirectory(name);
        IReadOnlyDictionary<TopicPartition, long> starts = OffsetCheckpointFile.Read(new PhysicalFileSystem(), data, OffsetCheckpointFile.LogStart);
        await using TestStore store = await TestStore.Open(new PhysicalFileSystem(), data, KeepAll);
        int logs = 0;
        foreach (JsonProperty partition in facts.GetProperty("partitions").EnumerateObject())
        {
            if (Find(store, partition.Name) is not { } log) continue;
            logs++;
            JsonElement[] batches = Batches(partition.Value);
            long start = Math.Max(FirstSegment(partition.Value), starts.GetValueOrDefault(log.Partition));
            Assert.Equal((partition.Name, start), (partition.Name, log.LogStartOffset.Value));
            Assert.Equal((partition.Name, batches.Length == 0 ? start : End(batches)), (partition.Name, log.LogEndOffset.Value));
            Assert.Contains(log.TopicId.ToString(), partition.Value.GetProperty("partition.metadata").GetProperty("text").GetString(), StringComparison.Ordinal);
            long[] expected = [.. batches.Where(static batch => !batch.GetProperty("control").GetBoolean())
                .SelectMany(static batch => Records(batch)).Select(static record => record.GetProperty("offset").GetInt64()).Where(offset => offset >= start)];
            Assert.Equal(expected, LogReading.Consume(log, log.LogEndOffset).Select(static record => record.Offset.Value));
        }

        Assert.Equal(logs, store.Logs.Logs.Count());
        Assert.True(logs > 0);
    }

    [Theory]
    [MemberData(nameof(Consumed))]
    public async Task Consumers_get_what_they_got_from_kafka(string name)
    {
        using TemporaryFolder folder = Unpack(name);
        JsonElement facts = SharedFacts.LogDirectory(name);
        JsonElement seen = facts.GetProperty("seen");
        bool hasConsumed = facts.TryGetProperty("consumedAfterRestart", out JsonElement told) ? told.TryGetProperty("consumed", out JsonElement consumed) : seen.TryGetProperty("consumed", out consumed);
        bool hasAcknowledged = seen.TryGetProperty("acknowledgedLastOffset", out JsonElement acknowledged);
        Assert.True(hasConsumed || hasAcknowledged);
        await using TestStore store = await TestStore.Open(new PhysicalFileSystem(), DataFolder(folder), KeepAll, producerExpirationMs: long.MaxValue);
        if (hasAcknowledged)
        {
            foreach (JsonProperty partition in acknowledged.EnumerateObject()) Assert.True(Find(store, partition.Name)!.LogEndOffset > partition.Value.GetInt64(), $"{partition.Name} lost what was acknowledged");
        }

        if (hasConsumed) AssertConsumed(store, consumed);
        if (seen.TryGetProperty("deleteRecordsLowWatermark", out JsonElement watermarks))
        {
            foreach (JsonProperty partition in watermarks.EnumerateObject()) Assert.Equal(partition.Value.GetInt64(), Find(store, partition.Name)!.LogStartOffset.Value);
        }

        if (!seen.TryGetProperty("describeProducers", out JsonElement producers)) return;
        foreach (JsonProperty partition in producers.EnumerateObject())
        {
            var expected = partition.Value.EnumerateArray().Select(static producer => (
                producer.GetProperty("producerId").GetInt64(), producer.GetProperty("epoch").GetInt32(), producer.GetProperty("lastSequence").GetInt32(), producer.GetProperty("currentTxnStart").GetInt64())).Order();
            Assert.Equal(expected, Find(store, partition.Name)!.ActiveProducers().Select(static producer => (
                producer.ProducerId.Value, (int)producer.ProducerEpoch, producer.LastSequence, producer.CurrentTransactionStartOffset.Value)).Order());
        }
    }

    [Theory]
    [MemberData(nameof(ClosedCleanly))]
    public async Task A_folder_that_was_closed_cleanly_is_as_it_was_after_opening_and_closing(string name)
    {
        using TemporaryFolder folder = Unpack(name);
        string data = DataFolder(folder);
        await using (TestStore store = await TestStore.Open(new PhysicalFileSystem(), data, KeepAll)) await store.Close();
        foreach (JsonProperty partition in SharedFacts.LogDirectory(name).GetProperty("partitions").EnumerateObject())
        {
            foreach (JsonProperty file in partition.Value.EnumerateObject())
            {
                // Kafka leaves the indexes of the metadata log preallocated; they are rebuilt, at their true length.
                if (partition.Name == "__cluster_metadata-0" && DataFiles.KindOf(file.Name) is DataFileKind.OffsetIndex or DataFileKind.TimeIndex) continue;
                InspectedFacts.AssertSame(file.Value, Path.Join(data, partition.Name, file.Name));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Verification_finds_damage_only_where_kafka_was_killed(string name)
    {
        using TemporaryFolder folder = Unpack(name);
        string data = DataFolder(folder);
        VerifyReport report = await LogDirectoryVerifier.RunAsync(new PhysicalFileSystem(), [data], new InlineScheduler(new(TestStore.Epoch)), deep: true);
        bool wasClosed = File.Exists(Path.Join(data, CleanShutdownFile.Name));
        Assert.All(report.Findings.Where(static finding => finding.IsDamage), finding => Assert.True(!wasClosed && finding.Outcome != StartOutcome.Kept, $"{finding}"));
        Assert.Empty(report.Losses);

        // A log that is moved to the name of another topic belongs nowhere.
        string moved = Directory.GetDirectories(data).First(static path => DataFiles.TopicOf(Path.GetFileName(path)) is not (null or "__cluster_metadata") && File.Exists(Path.Join(path, "partition.metadata")) && !path.EndsWith("-delete", StringComparison.Ordinal));
        Directory.Move(moved, Path.Join(data, "elsewhere-0"));
        report = await LogDirectoryVerifier.RunAsync(new PhysicalFileSystem(), [data], new InlineScheduler(new(TestStore.Epoch)));
        Assert.Contains(report.Findings, finding => finding.IsDamage && finding.Damage.Path == Path.Join(data, "elsewhere-0", "partition.metadata"));
    }

    private static TemporaryFolder Unpack(string name)
    {
        if (name.Length == 0) Assert.Skip("needs ../shared, or data folders of Kafka named by KAFKA_LOGDIRS");
        return SharedFacts.Unpack(name);
    }

    // The one folder that the archive holds.
    private static string DataFolder(TemporaryFolder folder) => Directory.Exists(Path.Join(folder.Path, "data")) ? Path.Join(folder.Path, "data") : Assert.Single(Directory.GetDirectories(folder.Path));

    private static JsonElement[] Batches(JsonElement files) =>
    [
        .. files.EnumerateObject().Where(static file => file.Name.EndsWith(".log", StringComparison.Ordinal)).OrderBy(static file => file.Name, StringComparer.Ordinal)
            .SelectMany(static file => file.Value.GetProperty("batches").EnumerateArray()).Where(static batch => batch.TryGetProperty("crc", out _)),
    ];

    // Of a batch that the cleaner emptied the facts say 0.
    private static JsonElement[] Records(JsonElement batch) => batch.GetProperty("records") is { ValueKind: JsonValueKind.Array } records ? [.. records.EnumerateArray()] : [];

    private static long FirstSegment(JsonElement files) => files.EnumerateObject().Where(static file => file.Name.EndsWith(".log", StringComparison.Ordinal)).Min(static file => DataFiles.BaseOffset(file.Name)!.Value);

    private static long End(JsonElement[] batches) => batches[^1].GetProperty("lastOffset").GetInt64() + 1;

    private static void AssertConsumed(TestStore store, JsonElement consumed)
    {
        foreach (JsonProperty partition in consumed.EnumerateObject())
        {
            PartitionLog log = Find(store, partition.Name)!;
            log.SetHighWatermark(log.LogEndOffset);
            foreach (JsonProperty isolation in partition.Value.EnumerateObject())
            {
                bool committed = isolation.Name == "read_committed";
                Offset bound = committed ? log.LastStableOffset : log.HighWatermark;
                Assert.Equal((partition.Name, isolation.Value.GetProperty("beginningOffset").GetInt64()), (partition.Name, log.LogStartOffset.Value));
                Assert.Equal((partition.Name, isolation.Name, isolation.Value.GetProperty("endOffset").GetInt64()), (partition.Name, isolation.Name, bound.Value));
                List<DecodedRecord> records = LogReading.Consume(log, bound, committed);
                Assert.Equal(Offsets(isolation.Value), records.Select(static record => record.Offset.Value));
                var crc = new Crc32();
                foreach (DecodedRecord record in records) crc.Append(record.Value ?? []);
                Assert.Equal(isolation.Value.GetProperty("values").GetProperty("crc32OfValuesInOrder").GetUInt32(), crc.GetCurrentHashAsUInt32());
            }
        }
    }

    private static IEnumerable<long> Offsets(JsonElement expected) => expected.GetProperty("offsets").EnumerateArray()
        .SelectMany(static range => Enumerable.Range(0, (int)(range[1].GetInt64() - range[0].GetInt64() + 1)).Select(i => range[0].GetInt64() + i));

    private static PartitionLog? Find(TestStore store, string folder)
    {
        int dash = folder.LastIndexOf('-');
        return int.TryParse(folder.AsSpan(dash + 1), out int partition) ? store.Logs.Find(new TopicPartition(folder[..dash], partition)) : null;
    }
}
