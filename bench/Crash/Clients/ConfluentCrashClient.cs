using Confluent.Kafka;
using Moldau.Crash.Ledgers;
using Moldau.Crash.Workloads;
using Moldau.Processes;

namespace Moldau.Crash.Clients;

/// <summary>Confluent.Kafka with idempotence over several partitions: whatever it retries, each record may stand in the log once.</summary>
internal sealed class ConfluentCrashClient(string name, string bootstrap, IWorkload workload, Ledger[] ledgers, Violations violations)
    : CrashClient(name, ledgers)
{
    private readonly CancellationTokenSource _stop = new();
    private IProducer<byte[], byte[]>? _producer;
    private Task _producing = Task.CompletedTask;
    private int _inFlight;

    public override bool IsIdempotent => true;

    public override void Start()
    {
        _ = PackagedLibrdkafka.Version;
        var config = new ProducerConfig
        {
            BootstrapServers = bootstrap, EnableIdempotence = true, Acks = Acks.All, LingerMs = 1,
            // A record is retried until it is acknowledged, however often the node dies.
            MessageTimeoutMs = 0, ReconnectBackoffMs = 20, ReconnectBackoffMaxMs = 200, RetryBackoffMs = 20,
        };
        _producer = new ProducerBuilder<byte[], byte[]>(config).SetLogHandler((_, _) => { }).SetErrorHandler(OnError).Build();
        _producing = Task.Run(ProduceAsync);
    }

    public override async Task StopAsync(CancellationToken token)
    {
        await _stop.CancelAsync();
        await _producing;
        int left = _producer!.Flush(Limits.ClientStop);
        if (left > 0) violations.Add($"{Name}: {left} records got no answer within {Limits.ClientStop}");
    }

    public override async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _producing;
        _producer?.Dispose();
        _stop.Dispose();
    }

    private bool MaySend => Volatile.Read(ref _inFlight) < Limits.InFlightMax && !IsHeldBack && !_stop.IsCancellationRequested;

    private async Task ProduceAsync()
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        for (long sequence = 0; !_stop.IsCancellationRequested;)
        {
            for (int i = 0; i < workload.RecordsAtOnce && MaySend; i++) Send(sequence++);
            await pace.WaitForNextTickAsync();
        }
    }

    private void Send(long sequence)
    {
        CrashRecord record = workload.At(sequence);
        Ledgers[record.Partition].Sending(sequence);
        var target = new TopicPartition(Topic, record.Partition);
        Interlocked.Increment(ref _inFlight);
        _producer!.Produce(target, new Message<byte[], byte[]> { Key = record.Key!, Value = record.Value! }, report => OnDelivered(report, sequence));
    }

    private void OnDelivered(DeliveryReport<byte[], byte[]> report, long sequence)
    {
        Interlocked.Decrement(ref _inFlight);
        if (report.Error.IsError) violations.Add($"{Name}: record {sequence} of partition {report.Partition.Value} was refused: {report.Error.Reason}");
        else Ledgers[report.Partition.Value].Acknowledge(report.Offset.Value, sequence);
    }

    private void OnError(IProducer<byte[], byte[]> producer, Error error)
    {
        if (error.IsFatal) violations.Add($"{Name}: {error.Reason}");
    }
}
