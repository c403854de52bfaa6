using static Moldau.Metadata.Configuration.Traits;
using static Moldau.Metadata.Configuration.UpdateMode;

namespace Moldau.Metadata.Configuration;

/// <summary>Transactions and the topic their state is kept in.</summary>
public static class TransactionKeys
{
    internal static readonly KeySection Section = new("Transactions");

    public static readonly ConfigKey<int> TransactionStateLogNumPartitions = Section.Int("transaction.state.log.num.partitions", 50, ConfigRule.AtLeast(1),
        High(ReadOnly, "Partitions of `__transaction_state`; not to be changed once it exists.").NotYet());

    public static readonly ConfigKey<short> TransactionStateLogReplicationFactor = Section.Short("transaction.state.log.replication.factor", 3, ConfigRule.AtLeast(1),
        High(ReadOnly, "Replicas of `__transaction_state`; it is not created while there are fewer brokers.").NotYet());

    public static readonly ConfigKey<int> TransactionStateLogMinIsr = Section.Int("transaction.state.log.min.isr", 2, ConfigRule.AtLeast(1),
        High(ReadOnly, "In-sync replicas that a write to `__transaction_state` needs.").NotYet());

    public static readonly ConfigKey<int> TransactionStateLogSegmentBytes = Section.Int("transaction.state.log.segment.bytes", 104857600, ConfigRule.AtLeast(1),
        High(ReadOnly, "Segment size of `__transaction_state`, in bytes.").NotYet());

    public static readonly ConfigKey<int> TransactionStateLogLoadBufferSize = Section.Int("transaction.state.log.load.buffer.size", 5242880, ConfigRule.AtLeast(1),
        High(ReadOnly, "Bytes read at a time while transaction state is loaded.").NotYet());

    public static readonly ConfigKey<int> TransactionMaxTimeoutMs = Section.Int("transaction.max.timeout.ms", 900000, ConfigRule.AtLeast(1),
        High(ReadOnly, "Longest timeout a transactional producer may ask for, in milliseconds.").NotYet());

    public static readonly ConfigKey<int> TransactionAbortTimedOutTransactionCleanupIntervalMs = Section.Int("transaction.abort.timed.out.transaction.cleanup.interval.ms", 10000, ConfigRule.AtLeast(1),
        Low(ReadOnly, "How often transactions that ran out of time are aborted, in milliseconds.").NotYet());

    public static readonly ConfigKey<int> TransactionRemoveExpiredTransactionCleanupIntervalMs = Section.Int("transaction.remove.expired.transaction.cleanup.interval.ms", 3600000, ConfigRule.AtLeast(1),
        Low(ReadOnly, "How often transactional ids are looked at for expiry, in milliseconds.").NotYet());

    public static readonly ConfigKey<bool> TransactionPartitionVerificationEnable = Section.Bool("transaction.partition.verification.enable", true,
        Low(ClusterWide, "Whether a partition checks with the coordinator that a transaction is open before it takes its records.").NotYet());

    public static readonly ConfigKey<bool> TransactionTwoPhaseCommitEnable = Section.Bool("transaction.two.phase.commit.enable", false,
        Low(ReadOnly, "Whether producers may take part in two-phase commits of others.").NotYet());

    public static readonly ConfigKey<int> TransactionalIdExpirationMs = Section.Int("transactional.id.expiration.ms", 604800000, ConfigRule.AtLeast(1),
        High(ReadOnly, "How long an idle transactional id is kept, in milliseconds.").NotYet());

    public static readonly ConfigKey<int> AddPartitionsToTxnRetryBackoffMs = Section.Int("add.partitions.to.txn.retry.backoff.ms", 20, ConfigRule.AtLeast(1),
        High(ReadOnly, "Wait before a partition is added to a transaction again, in milliseconds.").NotYet());

    public static readonly ConfigKey<int> AddPartitionsToTxnRetryBackoffMaxMs = Section.Int("add.partitions.to.txn.retry.backoff.max.ms", 100, ConfigRule.AtLeast(0),
        High(ReadOnly, "How long adding a partition to a transaction is tried in all, in milliseconds.").NotYet());
}
