using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Storage.Files;
using Moldau.Storage.Inspection;
using Moldau.Storage.Tests.Facts;

namespace Moldau.Storage.Tests.Inspection;

/// <summary>Records of coordinators in folders of Kafka's nodes stay byte for byte, acted on or not, also where their logs are cleaned.</summary>
public sealed class CoordinatorRecordsTests
{
    public static TheoryData<string> Names => SharedFacts.LogDirectoriesWhere(static facts => facts.GetProperty("partitions").EnumerateObject().Any(static partition =>
        partition.Name.StartsWith("__consumer_offsets-", StringComparison.Ordinal) || partition.Name.StartsWith("__transaction_state-", StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_newest_record_of_each_key_stays_as_it_is_through_cleaning(string name)
    {
        if (name.Length == 0) Assert.Skip("needs ../shared, or data folders of Kafka named by KAFKA_LOGDIRS");
        using TemporaryFolder folder = SharedFacts.Unpack(name);
        string data = Assert.Single(Directory.GetDirectories(folder.Path));
        LogConfig config = LogConfig.Default with { Compact = true, Delete = false, MinCleanableDirtyRatio = 0 };
        await using TestStore store = await TestStore.Open(new PhysicalFileSystem(), data, config);
        PartitionLog[] logs = [.. store.Logs.Logs.Where(static log => log.Partition.Topic is "__consumer_offsets" or "__transaction_state" && log.LogEndOffset > 0)];
        Assert.NotEmpty(logs);
        var before = new Dictionary<TopicPartition, string[]>();
        foreach (PartitionLog log in logs)
        {
            log.Config = config;
            log.Roll();
            log.RequestFlush();
            log.SetHighWatermark(log.LogEndOffset);
            before.Add(log.Partition, Newest(log));
        }

        Assert.True(await store.Clean() > 0);
        foreach (PartitionLog log in logs)
        {
            Assert.Equal(before[log.Partition], Newest(log));
            AssertDecodes(log);
        }
    }

    // Offset, time and every byte of the last record of each key.
    private static string[] Newest(PartitionLog log) => [.. LogReading.Consume(log, log.LastStableOffset, committed: true)
        .GroupBy(static record => Convert.ToHexString(record.Key ?? [])).Select(static key => key.Last()).OrderBy(static record => record.Offset.Value)
        .Select(static record => $"{record.Offset.Value} {record.TimestampMs} {Convert.ToHexString(record.Key ?? [])} {(record.Value is null ? "null" : Convert.ToHexString(record.Value))} {record.Headers.Count}")];

    private static void AssertDecodes(PartitionLog log)
    {
        RecordDecoder decoder = RecordDecoder.ForTopic(log.Partition.Topic)!;
        foreach (DecodedRecord record in LogReading.Consume(log, log.LastStableOffset, committed: true))
            Assert.NotNull(decoder.Decode(new InspectedRecord(record.Offset, record.TimestampMs, -1, 0, record.Key, record.Value, record.Headers)));
    }
}
