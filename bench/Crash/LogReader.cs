using Confluent.Kafka;
using Moldau.Crash.Ledgers;
using Moldau.Processes;

namespace Moldau.Crash;

/// <summary>A record as a reader gets it; a tombstone's value is null.</summary>
internal readonly record struct LogRecord(long Offset, byte[]? Key, byte[]? Value);

/// <summary>How a reading ended.</summary>
internal enum ReadEnd
{
    /// <summary>At the offset that was asked for.</summary>
    Reached,

    /// <summary>The log does not hold the offset where reading should begin.</summary>
    OutOfRange,

    /// <summary>Nothing more came.</summary>
    Silent,
}

/// <summary>Reads partitions back.</summary>
internal interface ILogReader
{
    /// <summary>Where the log starts and where the next record will stand, as consumers are told.</summary>
    /// <exception cref="ProgramFailedException">The node did not say within <see cref="Limits.Reading"/>.</exception>
    (long Start, long End) BoundsOf(Ledger ledger);

    /// <summary>Reads from an offset until nothing is left up to another.</summary>
    ReadEnd Read(Ledger ledger, long from, long upTo, Action<LogRecord> onRecord, CancellationToken token);
}

/// <summary>Reads partitions back from the node.</summary>
internal sealed class LogReader(string bootstrap) : ILogReader
{
    public (long Start, long End) BoundsOf(Ledger ledger)
    {
        using IConsumer<byte[], byte[]> consumer = Consumer();
        try
        {
            WatermarkOffsets bounds = consumer.QueryWatermarkOffsets(new TopicPartition(ledger.Topic, ledger.Partition), Limits.Reading);
            return (bounds.Low.Value, bounds.High.Value);
        }
        catch (KafkaException failure)
        {
            throw new ProgramFailedException($"{ledger.Name}: the node does not say where its log begins and ends: {failure.Error.Reason}");
        }
    }

    public ReadEnd Read(Ledger ledger, long from, long upTo, Action<LogRecord> onRecord, CancellationToken token)
    {
        using IConsumer<byte[], byte[]> consumer = Consumer();
        consumer.Assign(new TopicPartitionOffset(ledger.Topic, ledger.Partition, from));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(token);
        patience.CancelAfter(Limits.Reading);
        try
        {
            while (true)
            {
                ConsumeResult<byte[], byte[]> result = consumer.Consume(patience.Token);
                if (!result.IsPartitionEOF)
                {
                    onRecord(new LogRecord(result.Offset.Value, result.Message.Key, result.Message.Value));
                    patience.CancelAfter(Limits.Reading);
                }

                // The end of the log tells that a compacted one has nothing more there.
                if (result.Offset.Value >= (result.IsPartitionEOF ? upTo + 1 : upTo)) return ReadEnd.Reached;
            }
        }
        catch (ConsumeException failure) when (failure.Error.Code == ErrorCode.Local_AutoOffsetReset)
        {
            return ReadEnd.OutOfRange;
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            return ReadEnd.Silent;
        }
    }

    private IConsumer<byte[], byte[]> Consumer()
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = bootstrap, GroupId = "unused", EnableAutoCommit = false, EnablePartitionEof = true, AutoOffsetReset = AutoOffsetReset.Error,
        };
        return new ConsumerBuilder<byte[], byte[]>(config).SetLogHandler((_, _) => { }).Build();
    }
}
