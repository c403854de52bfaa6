using Moldau.Processes;

namespace Moldau.Crash.Clients;

/// <summary>The kinds of clients that the bench knows.</summary>
internal static class CrashClients
{
    private const int ConfluentPartitions = 3;
    private const int JavaPartitions = 2;

    /// <summary>Three kinds that are here: Confluent.Kafka, kcat, and the Java client or else kafkajs.</summary>
    public static string[] Default => ["confluent", "kcat", KafkaPeer.Find() != null ? "java" : "kafkajs"];

    public static int PartitionsOf(string kind) => kind switch { "confluent" => ConfluentPartitions, "java" => JavaPartitions, _ => 1 };

    /// <exception cref="CrashUsageException">The kind is unknown, or its program is not here.</exception>
    public static CrashClient Create(string kind, string bootstrap, KafkaPeer? peer, Violations violations, int seed)
    {
        PartitionLedger[] ledgers = [.. Enumerable.Range(0, PartitionsOf(kind)).Select(partition => new PartitionLedger($"crash-{kind}", partition, kind == "confluent", violations))];
        return kind switch
        {
            "confluent" => new ConfluentCrashClient(bootstrap, ledgers, violations, seed),
            "kcat" => new KcatCrashClient(Path(ForeignPrograms.Kcat), bootstrap, ledgers, violations),
            "kafkajs" => new KafkaJsCrashClient(Path(ForeignPrograms.KafkaJs), bootstrap, ledgers, violations),
            "java" => new JavaCrashClient(peer ?? throw new CrashUsageException(KafkaPeer.Absence), bootstrap, ledgers, violations),
            _ => throw new CrashUsageException($"no client \"{kind}\": confluent, kcat, java, kafkajs"),
        };
    }

    private static string Path(ForeignProgram program) => program.Path ?? throw new CrashUsageException(program.Absence);
}
