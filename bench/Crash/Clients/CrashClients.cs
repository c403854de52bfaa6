using Moldau.Crash.Ledgers;
using Moldau.Crash.Workloads;
using Moldau.Processes;

namespace Moldau.Crash.Clients;

/// <summary>The kinds of clients that the bench knows.</summary>
internal sealed class CrashClients(string bootstrap, KafkaPeer? peer, Violations violations, int seed)
{
    private const int ConfluentPartitions = 3;
    private const int JavaPartitions = 2;
    private const int KeyedPartitions = 2;
    private const int KcatLinesAtOnce = 8;
    private const int RetainedAtOnce = 4;

    /// <summary>Three kinds that are here: Confluent.Kafka, kcat, and the Java client or else kafkajs.</summary>
    public static string[] Default => ["confluent", "kcat", KafkaPeer.Find() != null ? "java" : "kafkajs"];

    /// <summary>A client whose records all stay.</summary>
    /// <exception cref="CrashUsageException">The kind is unknown, or its program is not here.</exception>
    public CrashClient Create(string kind)
    {
        int partitions = kind switch { "confluent" => ConfluentPartitions, "java" => JavaPartitions, _ => 1 };
        Ledger[] ledgers = Ledgers(partitions, partition => new PartitionLedger($"crash-{kind}", partition, kind == "confluent", violations));
        return kind switch
        {
            "confluent" => new ConfluentCrashClient(kind, bootstrap, new PlainWorkload(partitions, Limits.InFlightMax, seed), ledgers, violations),
            "kcat" => new KcatCrashClient(kind, Path(ForeignPrograms.Kcat), bootstrap, new PlainWorkload(partitions, KcatLinesAtOnce, seed), ledgers[0], violations),
            "kafkajs" => new KafkaJsCrashClient(Path(ForeignPrograms.KafkaJs), bootstrap, ledgers, violations),
            "java" => new JavaCrashClient(peer ?? throw new CrashUsageException(KafkaPeer.Absence), bootstrap, ledgers, violations),
            _ => throw new CrashUsageException($"no client \"{kind}\": confluent, kcat, java, kafkajs"),
        };
    }

    /// <summary>The clients of the topics from which the node takes records away: two write what is compacted, one what is retained by size.</summary>
    /// <exception cref="CrashUsageException">kcat is not here.</exception>
    public IEnumerable<CrashClient> CreateCleaned()
    {
        var deleting = new KeyedWorkload(KeyedPartitions, withTombstones: true);
        var keeping = new KeyedWorkload(1, withTombstones: false);
        Ledger[] compacted = Ledgers(KeyedPartitions, partition => new CompactedLedger(CrashTopics.CompactedConfluent, partition, true, deleting, violations));
        Ledger retained = new RetainedLedger(CrashTopics.Retained, 0, CrashTopics.RetentionBytes, violations);
        yield return new ConfluentCrashClient("confluent, compacted", bootstrap, deleting, compacted, violations);
        yield return new KcatCrashClient(
            "kcat, compacted", Path(ForeignPrograms.Kcat), bootstrap, keeping, new CompactedLedger(CrashTopics.CompactedKcat, 0, false, keeping, violations), violations);
        yield return new ConfluentCrashClient("confluent, retained", bootstrap, new PlainWorkload(1, RetainedAtOnce, seed), [retained], violations);
    }

    private static Ledger[] Ledgers(int partitions, Func<int, Ledger> create) => [.. Enumerable.Range(0, partitions).Select(create)];

    private static string Path(ForeignProgram program) => program.Path ?? throw new CrashUsageException(program.Absence);
}
