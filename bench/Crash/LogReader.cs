using System.IO.Hashing;
using Confluent.Kafka;

namespace Moldau.Crash;

/// <summary>Reads partitions back from the node.</summary>
internal sealed class LogReader(string bootstrap)
{
    /// <summary>Judges a partition up to the last offset that is owed by now.</summary>
    public void Catch(PartitionLedger ledger, CancellationToken token)
    {
        long owed = ledger.OwedOffset;
        if (owed < ledger.NextOffset) return;
        Read(ledger.Topic, ledger.Partition, ledger.NextOffset, owed, (offset, value) => ledger.Judge(offset, value), token);
        ledger.Missing(owed);
    }

    /// <summary>The checksum of a partition from its start up to and without an offset, as <see cref="PartitionLedger.Checksum"/>.</summary>
    public string ChecksumOf(string topic, int partition, long end, CancellationToken token)
    {
        var hash = new XxHash128();
        if (end > 0) Read(topic, partition, 0, end - 1, (offset, value) => PartitionLedger.Append(hash, offset, value), token);
        return Convert.ToHexString(hash.GetCurrentHash());
    }

    private void Read(string topic, int partition, long from, long upTo, Action<long, byte[]> onRecord, CancellationToken token)
    {
        var config = new ConsumerConfig { BootstrapServers = bootstrap, GroupId = "unused", EnableAutoCommit = false, AutoOffsetReset = AutoOffsetReset.Error };
        using IConsumer<Ignore, byte[]> consumer = new ConsumerBuilder<Ignore, byte[]>(config).SetLogHandler((_, _) => { }).Build();
        consumer.Assign(new TopicPartitionOffset(topic, partition, from));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(token);
        patience.CancelAfter(Limits.Reading);
        for (long next = from; next <= upTo;)
        {
            try
            {
                ConsumeResult<Ignore, byte[]> record = consumer.Consume(patience.Token);
                onRecord(record.Offset.Value, record.Message.Value ?? []);
                next = record.Offset.Value + 1;
                patience.CancelAfter(Limits.Reading);
            }
            catch (ConsumeException failure) when (failure.Error.Code == ErrorCode.Local_AutoOffsetReset)
            {
                // The log is shorter than where reading should begin: the caller says what is missing.
                return;
            }
            catch (OperationCanceledException) when (!token.IsCancellationRequested)
            {
                return;
            }
        }
    }
}
