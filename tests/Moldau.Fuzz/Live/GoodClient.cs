using System.Text;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.Consuming;
using Moldau.Client.Producing;
using Moldau.Protocol;

namespace Moldau.Fuzz.Live;

/// <summary>A client that means well: it produces number after number, each acknowledged, and in the end reads all of them back. What fails there fails here.</summary>
internal sealed class GoodClient(string bootstrap) : IAsyncDisposable
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

    /// <summary>Produces until it is told to stop.</summary>
    public async Task ProduceAsync(Func<bool> goesOn, CancellationToken cancellation)
    {
        await using var producer = new Producer(client);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        do
        {
            var sent = new List<Delivery>();
            for (int i = 0; i < RecordsAtATime; i++)
                sent.Add(await producer.SendAsync(new ProducerRecord(Topic, Encoding.ASCII.GetBytes($"{acknowledged + i}")), cancellation));
            foreach (Delivery delivery in sent) await delivery;
            acknowledged += RecordsAtATime;
        }
        while (goesOn() && await pace.WaitForNextTickAsync(cancellation));
    }

    /// <summary>Reads everything; the numbers in the order in which they stand.</summary>
    public async Task<List<string>> ReadAsync(CancellationToken cancellation)
    {
        await using var consumer = new Consumer(client);
        consumer.Assign([new TopicPartition(Topic, 0)]);
        consumer.Seek(new TopicPartition(Topic, 0), 0);
        var read = new List<string>();
        while (read.Count < acknowledged)
            foreach (ConsumedRecord record in await consumer.PollAsync(TimeSpan.FromSeconds(1), cancellation)) read.Add(Encoding.ASCII.GetString(record.Value.Memory.Span));
        return read;
    }

    public ValueTask DisposeAsync() => client.DisposeAsync();
}
