using System.Globalization;
using System.Text;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.Clusters;
using Moldau.Client.Consuming;
using Moldau.Client.Producing;
using Moldau.Protocol;
using Moldau.Simulated;
using Moldau.Simulation.Clients;

namespace Moldau.Simulation.Upkeep;

/// <summary>
/// Makes a topic, fills it, reads it and deletes it, again and again under one name. What was written to an earlier one is never seen in a later one, and what is deleted
/// stays deleted.
/// </summary>
internal sealed class Recreator(SimulatedProcess process, string topic, Action acknowledged)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private readonly SortedSet<Uuid> deleted = [];
    private int written;

    public async Task RunAsync(int lives)
    {
        for (int life = 0; life < lives; life++)
        {
            // A client of its own for each life: one that remembers the old topic is told of the new one in its own time.
            await using KafkaClient client = ManagedClient.On(process);
            await CreateAsync(client);
            await FillAsync(client, life);
            await process.Scheduler.Delay(process.Random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(2)));
            await CheckAsync(client, life);
            await DeleteAsync(client);
        }
    }

    private async Task CreateAsync(KafkaClient client)
    {
        await ManagedClient.AskAsync(process, async () =>
        {
            TopicCreation made = (await client.Admin.Topics.CreateAsync([new NewTopic(topic, 1)])).Single();
            // A node that is about to stop, or has just started, has no broker to put it on.
            if (made.Error == ErrorCode.InvalidReplicationFactor) throw new KafkaTimeoutException(made.Message!);
            // An earlier attempt may have made it without telling.
            if (made.Error is not (ErrorCode.None or ErrorCode.TopicAlreadyExists)) made.ThrowIfFailed();
            return made;
        });
        Uuid id = await IdAsync(client) ?? throw new BrokenPromiseException($"topic {topic} was made and is not there");
        if (deleted.Contains(id)) throw new BrokenPromiseException($"topic {topic} was deleted and is there under its old id");
    }

    private async Task FillAsync(KafkaClient client, int life)
    {
        await using var producer = new Producer(client, new ProducerOptions { DeliveryTimeout = ManagedClient.Patience, BlockTimeout = ManagedClient.Patience });
        for (int i = process.Random.Below(6); i >= 0; i--)
        {
            await producer.ProduceAsync(new ProducerRecord(topic, Encoding.UTF8.GetBytes(Life(life))) { Partition = 0 });
            written++;
        }
    }

    private async Task CheckAsync(KafkaClient client, int life)
    {
        await using var consumer = new Consumer(client, new ConsumerOptions { OffsetReset = OffsetReset.Earliest, AllowTopicCreation = false });
        consumer.Assign([new TopicPartition(topic, 0)]);
        int next = 0;
        while (next < written)
        {
            foreach (ConsumedRecord record in await ManagedClient.PollAsync(consumer, Poll))
            {
                string value = Encoding.UTF8.GetString(record.Value.Span);
                if (record.Offset != next) throw new BrokenPromiseException($"{topic} in its life {life}: offset {record.Offset} stands where {next} should");
                if (value != Life(life)) throw new BrokenPromiseException($"{topic} in its life {life} shows what was written in {value}");
                next++;
            }
        }

        written = 0;
    }

    private async Task DeleteAsync(KafkaClient client)
    {
        Uuid id = await IdAsync(client) ?? throw new BrokenPromiseException($"topic {topic} is gone, and nobody has deleted it");
        await ManagedClient.AskAsync(process, async () =>
        {
            ItemResult gone = (await client.Admin.Topics.DeleteAsync([topic])).Single();
            if (gone.Error is not (ErrorCode.None or ErrorCode.UnknownTopicOrPartition)) gone.ThrowIfFailed();
            return gone;
        });
        deleted.Add(id);
        acknowledged();
        if (await IdAsync(client) is not null) throw new BrokenPromiseException($"topic {topic} was deleted and is there");
    }

    private async Task<Uuid?> IdAsync(KafkaClient client)
    {
        TopicMetadata shown = await ManagedClient.AskAsync(process, async () => (await client.Admin.Topics.DescribeAsync([topic])).Single());
        return shown.Error == ErrorCode.UnknownTopicOrPartition ? null : shown.Id;
    }

    private static string Life(int life) => string.Create(CultureInfo.InvariantCulture, $"life {life}");
}
