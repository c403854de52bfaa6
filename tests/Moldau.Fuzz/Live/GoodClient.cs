using System.Globalization;
using System.Text;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.Consuming;
using Moldau.Client.Producing;
using Moldau.Protocol;

namespace Moldau.Fuzz.Live;

/// <summary>A client that means well: it produces number after number, each acknowledged, and in the end reads all of them back. What fails there fails here.</summary>
/// <param name="bootstrap">The node.</param>
/// <param name="valueBytes">Each number is filled up to so many bytes.</param>
internal sealed class GoodClient(string bootstrap, int valueBytes = 0) : IAsyncDisposable
{
    private const string Topic = "good";
    private const int RecordsAtATime = 50;
    private readonly KafkaClient client = KafkaClient.Create(bootstrap);
    private int acknowledged;

    public int Acknowledged => acknowledged;

    /// <summary>Makes its own topic, and one that the attackers know the name of.</summary>
    public async Task CreateTopicsAsync(CancellationToken cancellation)
    {
        foreach (TopicCreation made in await client.Admin.Topics.CreateAsync([new NewTopic(Topic, 1), new NewTopic("t", 3)], cancellation: cancellation)) made.ThrowIfFailed();
    }

    /// <summary>Makes a topic of so many partitions and produces one record to each.</summary>
    public async Task SpreadAsync(string topic, int partitions, CancellationToken cancellation)
    {
        (await client.Admin.Topics.CreateAsync([new NewTopic(topic, partitions)], cancellation: cancellation))[0].ThrowIfFailed();
        await using var producer = new Producer(client);
        var sent = new List<Delivery>();
        for (int i = 0; i < partitions; i++) sent.Add(await producer.SendAsync(new ProducerRecord(topic, "one"u8.ToArray()) { Partition = i }, cancellation));
        foreach (Delivery delivery in sent) await delivery;
    }

    /// <summary>Produces until it is told to stop.</summary>
    /// <exception cref="KafkaException">A record was not acknowledged; those before it are counted.</exception>
    public async Task ProduceAsync(Func<bool> goesOn, CancellationToken cancellation, TimeSpan? deliveryTimeout = null)
    {
        await using var producer = new Producer(client, new ProducerOptions { DeliveryTimeout = deliveryTimeout ?? new ProducerOptions().DeliveryTimeout });
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        do
        {
            var sent = new List<Delivery>();
            int first = acknowledged;
            for (int i = 0; i < RecordsAtATime; i++)
                sent.Add(await producer.SendAsync(new ProducerRecord(Topic, Value(first + i)), cancellation));
            foreach (Delivery delivery in sent)
            {
                await delivery;
                acknowledged++;
            }
        }
        while (goesOn() && await pace.WaitForNextTickAsync(cancellation));
    }

    /// <summary>Reads at least all that was acknowledged; the numbers in the order in which they stand.</summary>
    public Task<List<string>> ReadAsync(CancellationToken cancellation) => ReadAsync(acknowledged, cancellation);

    /// <summary>Reads at least so many from the beginning.</summary>
    public async Task<List<string>> ReadAsync(int count, CancellationToken cancellation)
    {
        await using var consumer = new Consumer(client);
        consumer.Assign([new TopicPartition(Topic, 0)]);
        consumer.Seek(new TopicPartition(Topic, 0), 0);
        var read = new List<string>();
        while (read.Count < count)
            foreach (ConsumedRecord record in await consumer.PollAsync(TimeSpan.FromSeconds(1), cancellation)) read.Add(Encoding.ASCII.GetString(record.Value.Memory.Span).TrimEnd());
        return read;
    }

    private byte[] Value(int number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture).PadRight(valueBytes));

    public ValueTask DisposeAsync() => client.DisposeAsync();
}
