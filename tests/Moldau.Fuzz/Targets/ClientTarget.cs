using System.Collections.Concurrent;
using Moldau.Client;
using Moldau.Client.Consuming;
using Moldau.Client.Producing;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Transport;
using Moldau.Simulated;

namespace Moldau.Fuzz.Targets;

/// <summary>
/// Clients whose broker answers with damaged frames and senseless messages: their calls end with an answer or a <see cref="KafkaException"/>. On sockets and the
/// machine's clock, as a client lives; several at a time, since much of their time is spent waiting for what never comes.
/// </summary>
internal sealed class ClientTarget : FuzzTarget
{
    private const int ClientsAtATime = 16;

    /// <summary>How long the calls of a client may take on any machine; on a quiet one they take two seconds.</summary>
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(60);

    public override string Name => "client";

    public override int ExecutionsInCi => 2;

    public override void Execute(SeededRandom random)
    {
        SeededRandom[] forks = [.. Enumerable.Range(0, ClientsAtATime).Select(_ => random.Fork())];
        Task.WhenAll(forks.Select(fork => Task.Run(() => OneAsync(fork)))).GetAwaiter().GetResult();
    }

    private static async Task OneAsync(SeededRandom random)
    {
        var escaped = new ConcurrentQueue<Exception>();
        var scheduler = new ThreadPoolScheduler(TimeProvider.System, (_, failure) => escaped.Enqueue(failure));
        using var broker = new LyingBroker(scheduler, new SocketTransport(), random);
        _ = scheduler.Start("broker", broker.RunAsync);
        await UseAsync(broker.Port, scheduler).WaitAsync(EndsWithin);
        if (escaped.TryDequeue(out Exception? first)) throw new FuzzFindingException($"a loop of the client ended with {first}");
    }

    private static async Task UseAsync(int port, IScheduler scheduler)
    {
        ClientOptions options = ClientOptions.For($"127.0.0.1:{port}") with
        {
            OperationTimeout = TimeSpan.FromMilliseconds(300), RequestTimeout = TimeSpan.FromMilliseconds(200), ConnectTimeout = TimeSpan.FromMilliseconds(200),
        };
        await using var client = new KafkaClient(options, new SocketTransport(), scheduler);
        await TryAsync(() => client.Admin.Topics.ListAsync());
        await TryAsync(() => client.Admin.Cluster.DescribeAsync());
        await TryAsync(async () =>
        {
            await using var producer = new Producer(client, new ProducerOptions { DeliveryTimeout = TimeSpan.FromMilliseconds(300) });
            await producer.ProduceAsync(new ProducerRecord("t", NullableBytes.Null, "v"u8.ToArray()));
        });
        await TryAsync(async () =>
        {
            await using var consumer = new Consumer(client);
            consumer.Assign([new TopicPartition("t", 0)]);
            await consumer.PollAsync(TimeSpan.FromMilliseconds(300));
        });
    }

    private static async Task TryAsync(Func<Task> call)
    {
        try
        {
            await call();
        }
        catch (KafkaException)
        {
            // What it is told of is its own affair; that it ends is what counts.
        }
    }
}
