using System.Text;
using Moldau.Client.Admin;
using Moldau.Client.Consuming;
using Moldau.Client.Producing;
using Moldau.Client.Tests.Clusters;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Compression;

namespace Moldau.Client.Tests;

public sealed class ProducerTests(Peers peers)
{
    public static TheoryData<string> Clusters => [.. Peers.Names];

    public static MatrixTheoryData<string, CompressionType> ClustersAndCodecs => new(Peers.Names, Enum.GetValues<CompressionType>());

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Clusters))]
    public async Task Refuses_a_record_that_is_larger_than_a_request(string cluster)
    {
        await using KafkaClient client = await peers.ClientAsync(cluster);
        await using var producer = new Producer(client, new ProducerOptions { RequestBytesMax = 1000 });
        KafkaException refused = await Assert.ThrowsAsync<KafkaException>(async () => await producer.SendAsync(new ProducerRecord("any", new byte[1001]), Cancellation));
        Assert.Equal(ErrorCode.MessageTooLarge, refused.Code);
    }

    [Theory, MemberData(nameof(Clusters))]
    public async Task Refuses_a_partition_that_does_not_exist(string cluster)
    {
        await using KafkaClient client = await peers.ClientAsync(cluster);
        await using var producer = new Producer(client);
        var record = new ProducerRecord(Names.New("partition"), "x"u8.ToArray()) { Partition = 99 };
        KafkaException refused = await Assert.ThrowsAsync<KafkaException>(async () => await producer.SendAsync(record, Cancellation));
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, refused.Code);
    }

    [Theory, MemberData(nameof(Clusters))]
    public async Task Fails_a_record_that_the_broker_refuses(string cluster)
    {
        await using KafkaClient client = await peers.ClientAsync(cluster);
        await using var producer = new Producer(client);
        var tooNew = new ProducerRecord(Names.New("future"), "x"u8.ToArray()) { Timestamp = DateTimeOffset.FromUnixTimeSeconds(99_999_999_999) };
        KafkaException refused = await Assert.ThrowsAsync<KafkaException>(() => producer.ProduceAsync(tooNew, Cancellation));
        Assert.Equal(ErrorCode.InvalidTimestamp, refused.Code);
    }

    [Theory, MemberData(nameof(Clusters))]
    public async Task Goes_on_after_a_refused_record_without_losing_idempotence(string cluster)
    {
        string topic = Names.New("goes-on");
        await using KafkaClient client = await peers.ClientAsync(cluster);
        await using var producer = new Producer(client);
        await producer.ProduceAsync(new ProducerRecord(topic, "one"u8.ToArray()) { Partition = 0 }, Cancellation);
        var tooNew = new ProducerRecord(topic, "x"u8.ToArray()) { Partition = 0, Timestamp = DateTimeOffset.FromUnixTimeSeconds(99_999_999_999) };
        await Assert.ThrowsAsync<KafkaException>(() => producer.ProduceAsync(tooNew, Cancellation));
        DeliveryReport two = await producer.ProduceAsync(new ProducerRecord(topic, "two"u8.ToArray()) { Partition = 0 }, Cancellation);
        Assert.Equal(1, two.Offset);
    }

    [Theory, MemberData(nameof(Clusters))]
    public async Task Delivers_in_order_with_offsets_that_count_up(string cluster)
    {
        const int count = 20_000;
        string topic = Names.New("order");
        await using KafkaClient client = await peers.ClientAsync(cluster);
        await using var producer = new Producer(client);
        List<Delivery> deliveries = [];
        for (int i = 0; i < count; i++) deliveries.Add(await producer.SendAsync(new ProducerRecord(topic, Encoding.ASCII.GetBytes($"{i}")) { Partition = 1 }, Cancellation));
        await producer.FlushAsync(Cancellation);
        for (int i = 0; i < count; i++) Assert.Equal(i, (await deliveries[i]).Offset);
        await using var consumer = new Consumer(client, new ConsumerOptions { OffsetReset = OffsetReset.Earliest });
        consumer.Assign([new TopicPartition(topic, 1)]);
        int next = 0;
        await foreach (ConsumedRecord record in consumer.ReadAsync(Cancellation))
        {
            Assert.Equal($"{next}", Encoding.ASCII.GetString(record.Value.Span));
            if (++next == count) break;
        }
    }

    [Theory, MemberData(nameof(ClustersAndCodecs))]
    public async Task Brings_key_value_headers_and_timestamp_through_every_codec(string cluster, CompressionType codec)
    {
        string topic = Names.New("codec");
        DateTimeOffset time = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_123);
        await using KafkaClient client = await peers.ClientAsync(cluster);
        await using var producer = new Producer(client, new ProducerOptions { Compression = codec, BatchBytes = 100_000 });
        RecordHeader[] headers = [new("a", new byte[] { 1, 2 }), new("a", NullableBytes.Null)];
        for (int i = 0; i < 100; i++)
        {
            NullableBytes value = i == 50 ? NullableBytes.Null : new byte[200];
            await producer.SendAsync(new ProducerRecord(topic, "key"u8.ToArray(), value) { Headers = headers, Timestamp = time }, Cancellation);
        }

        await producer.FlushAsync(Cancellation);
        List<ConsumedRecord> read = await ReadAllAsync(client, topic, 100);
        Assert.Single(read.Select(static record => record.Partition).Distinct());
        Assert.All(read, record =>
        {
            Assert.Equal("key"u8, record.Key.Span);
            Assert.Equal(record.Offset != 50, record.Value.HasValue);
            Assert.Equal(time.ToUnixTimeMilliseconds(), record.TimestampMs);
            RecordHeader[] got = record.Headers.ToArray();
            Assert.Equal(["a", "a"], got.Select(static header => header.KeyText));
            Assert.Equal([1, 2], got[0].Value.ToArray());
            Assert.False(got[1].Value.HasValue);
        });
    }

    [Theory, MemberData(nameof(Clusters))]
    public async Task Delivers_with_every_kind_of_acks(string cluster)
    {
        string topic = Names.New("acks");
        await using KafkaClient client = await peers.ClientAsync(cluster);
        foreach (Acks acks in new[] { Acks.All, Acks.Leader, Acks.None })
        {
            await using var producer = new Producer(client, new ProducerOptions { Acks = acks });
            DeliveryReport report = await producer.ProduceAsync(new ProducerRecord(topic, "x"u8.ToArray()) { Partition = 0 }, Cancellation);
            Assert.Equal(acks == Acks.None, report.Offset < 0);
        }

        Assert.Equal(3, (await ReadAllAsync(client, topic, 3)).Count);
    }

    [Theory, MemberData(nameof(Clusters))]
    public async Task Waits_for_room_in_a_small_buffer_and_delivers_everything(string cluster)
    {
        string topic = Names.New("buffer");
        await using KafkaClient client = await peers.ClientAsync(cluster);
        await using var producer = new Producer(client, new ProducerOptions { BufferBytes = 4000, Linger = TimeSpan.FromMinutes(10) });
        for (int i = 0; i < 200; i++) await producer.SendAsync(new ProducerRecord(topic, new byte[1000]), Cancellation);
        await producer.FlushAsync(Cancellation);
        Assert.Equal(200, (await ReadAllAsync(client, topic, 200)).Count);
    }

    [Theory, MemberData(nameof(Clusters))]
    public async Task Spreads_records_without_a_key_over_partitions(string cluster)
    {
        string topic = Names.New("spread");
        await using KafkaClient client = await peers.ClientAsync(cluster);
        await using var producer = new Producer(client, new ProducerOptions { BatchBytes = 500 });
        for (int i = 0; i < 500; i++) await producer.SendAsync(new ProducerRecord(topic, new byte[100]), Cancellation);
        await producer.FlushAsync(Cancellation);
        IReadOnlyList<ListedOffset> ends = await client.Admin.Partitions.ListOffsetsAsync(
            Enumerable.Range(0, 3).Select(number => new TopicPartition(topic, number)), OffsetSpec.Latest, cancellation: Cancellation);
        Assert.Equal(500, ends.Sum(static end => end.Offset));
        Assert.All(ends, static end => Assert.NotEqual(0, end.Offset));
    }

    private static async Task<List<ConsumedRecord>> ReadAllAsync(KafkaClient client, string topic, int count)
    {
        await using var consumer = new Consumer(client, new ConsumerOptions { OffsetReset = OffsetReset.Earliest });
        consumer.Assign(Enumerable.Range(0, 3).Select(number => new TopicPartition(topic, number)));
        List<ConsumedRecord> read = [];
        while (read.Count < count) read.AddRange(await consumer.PollAsync(TimeSpan.FromMinutes(1), Cancellation));
        return read;
    }
}
