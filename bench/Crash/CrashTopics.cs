using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Moldau.Crash.Clients;
using Moldau.Crash.Ledgers;

namespace Moldau.Crash;

/// <summary>The topics of a run, and what the node is told so that it cleans all the time.</summary>
internal static class CrashTopics
{
    public const string CompactedConfluent = "crash-compacted-confluent";
    public const string CompactedKcat = "crash-compacted-kcat";
    public const string Retained = "crash-retained";
    public const long RetentionBytes = 2 * 1024 * 1024;

    // The least that Kafka takes; the time rolls segments of a slow producer.
    private const string SegmentBytes = "1048576";
    private const string SegmentMs = "500";

    /// <summary>Settings of the node: what usually happens every few seconds or minutes happens many times in a round.</summary>
    public static Dictionary<string, string> NodeSettings => new()
    {
        ["log.cleaner.backoff.ms"] = "100",
        ["log.retention.check.interval.ms"] = "100",
        ["log.initial.task.delay.ms"] = "100",
        ["log.cleaner.dedupe.buffer.size"] = "16777216",
    };

    public static async Task CreateAsync(string bootstrap, IEnumerable<CrashClient> clients)
    {
        using IAdminClient admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrap }).SetLogHandler((_, _) => { }).Build();
        await admin.CreateTopicsAsync(clients.Select(client => new TopicSpecification
        {
            Name = client.Topic, NumPartitions = client.Ledgers.Length, ReplicationFactor = 1, Configs = ConfigsOf(client.Ledgers[0]),
        }));
    }

    private static Dictionary<string, string> ConfigsOf(Ledger ledger) => ledger switch
    {
        CompactedLedger => new()
        {
            ["cleanup.policy"] = "compact", ["segment.bytes"] = SegmentBytes, ["segment.ms"] = SegmentMs, ["min.cleanable.dirty.ratio"] = "0.01",
            ["delete.retention.ms"] = "1000", ["file.delete.delay.ms"] = "500",
        },
        RetainedLedger => new()
        {
            ["retention.bytes"] = RetentionBytes.ToString(CultureInfo.InvariantCulture), ["segment.bytes"] = SegmentBytes, ["segment.ms"] = SegmentMs, ["file.delete.delay.ms"] = "500",
        },
        _ => [],
    };
}
