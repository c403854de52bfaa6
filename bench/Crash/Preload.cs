using Confluent.Kafka;

namespace Moldau.Crash;

/// <summary>Fills a topic, so that a restart meets a log of some size.</summary>
internal static class Preload
{
    public const string Topic = "crash-preload";
    private const int RecordBytes = 64 * 1024;

    public static async Task FillAsync(string bootstrap, int mebibytes, CancellationToken token)
    {
        var config = new ProducerConfig { BootstrapServers = bootstrap, Acks = Acks.All, LingerMs = 5, BatchSize = 900_000, QueueBufferingMaxKbytes = 32 * 1024 };
        using IProducer<Null, byte[]> producer = new ProducerBuilder<Null, byte[]>(config).SetLogHandler((_, _) => { }).Build();
        byte[] value = new byte[RecordBytes];
        new Random(1).NextBytes(value);
        const int AtOnce = 16;
        for (int sent = 0; sent < mebibytes * 16; sent += AtOnce)
            await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => producer.ProduceAsync(Topic, new Message<Null, byte[]> { Value = value }, token)));
    }
}
