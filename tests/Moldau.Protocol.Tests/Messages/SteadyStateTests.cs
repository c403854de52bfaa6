using Moldau.Protocol.Messages;

namespace Moldau.Protocol.Tests.Messages;

/// <summary>The data path's four messages read and write without taking memory, once they have done so before.</summary>
public sealed class SteadyStateTests
{
    private const int Topics = 10;
    private const int Partitions = 10;
    private static readonly byte[] Batch = new byte[1000];

    [Theory]
    [InlineData(3)]
    [InlineData(9)]
    [InlineData(12)]
    [InlineData(13)]
    public void A_produce_request_takes_no_memory(int version) => TakesNothing(Produce(), (short)version);

    [Theory]
    [InlineData(3)]
    [InlineData(11)]
    [InlineData(13)]
    public void A_produce_response_takes_no_memory(int version) => TakesNothing(Produced(), (short)version);

    [Theory]
    [InlineData(4)]
    [InlineData(12)]
    [InlineData(18)]
    public void A_fetch_request_takes_no_memory(int version) => TakesNothing(Fetch(), (short)version);

    [Theory]
    [InlineData(4)]
    [InlineData(12)]
    [InlineData(18)]
    public void A_fetch_response_takes_no_memory(int version) => TakesNothing(Fetched(), (short)version);

    [Fact]
    public void Records_stay_a_slice_of_what_was_read()
    {
        using var writer = new WireWriter();
        Produce().Write(writer, 12);
        byte[] frame = writer.ToArray();
        var request = new ProduceRequest();
        var reader = new WireReader(frame);
        request.Read(ref reader, 12);
        ReadOnlyMemory<byte> slice = request.TopicData[0].PartitionData[0].Records.Memory;
        Assert.True(System.Runtime.InteropServices.MemoryMarshal.TryGetArray(slice, out ArraySegment<byte> segment));
        Assert.Same(frame, segment.Array);
        Assert.Equal(Batch.Length, segment.Count);
    }

    private static void TakesNothing<T>(T source, short version)
        where T : IMessage, new()
    {
        using var writer = new WireWriter();
        source.Write(writer, version);
        byte[] bytes = writer.ToArray();
        var strings = new StringCache();
        var target = new T();
        for (int i = 0; i < 2; i++) Pass(target, writer, bytes, strings, version);
        Assert.Equal(0, Allocation.Of(() => Pass(target, writer, bytes, strings, version), 0));
        Assert.Equal(bytes, writer.ToArray());
    }

    private static void Pass(IMessage target, WireWriter writer, byte[] bytes, StringCache strings, short version)
    {
        var reader = new WireReader(bytes, strings);
        target.Read(ref reader, version);
        writer.Reset();
        target.Write(writer, version);
        _ = writer.Segments.Count;
    }

    private static ProduceRequest Produce()
    {
        var request = new ProduceRequest { Acks = -1, TimeoutMs = 30_000, TransactionalId = "transactions" };
        foreach (int t in Enumerable.Range(0, Topics))
        {
            ProduceRequest.TopicProduceData topic = request.TopicData.Add();
            topic.Name = $"topic-{t}";
            for (int p = 0; p < Partitions; p++)
            {
                ProduceRequest.PartitionProduceData partition = topic.PartitionData.Add();
                partition.Index = p;
                partition.Records = new Records(Batch);
            }
        }

        return request;
    }

    private static ProduceResponse Produced()
    {
        var response = new ProduceResponse();
        foreach (int t in Enumerable.Range(0, Topics))
        {
            ProduceResponse.TopicProduceResponse topic = response.Responses.Add();
            topic.Name = $"topic-{t}";
            for (int p = 0; p < Partitions; p++) topic.PartitionResponses.Add().Index = p;
        }

        return response;
    }

    private static FetchRequest Fetch()
    {
        var request = new FetchRequest { MaxWaitMs = 500, MinBytes = 1, RackId = "rack-1" };
        foreach (int t in Enumerable.Range(0, Topics))
        {
            FetchRequest.FetchTopic topic = request.Topics.Add();
            topic.Topic = $"topic-{t}";
            for (int p = 0; p < Partitions; p++) topic.Partitions.Add().Partition = p;
        }

        return request;
    }

    private static FetchResponse Fetched()
    {
        var response = new FetchResponse();
        foreach (int t in Enumerable.Range(0, Topics))
        {
            FetchResponse.FetchableTopicResponse topic = response.Responses.Add();
            topic.Topic = $"topic-{t}";
            for (int p = 0; p < Partitions; p++)
            {
                FetchResponse.PartitionData partition = topic.Partitions.Add();
                partition.PartitionIndex = p;
                partition.Records = new Records(Batch);
                // Every other one has none, so that null and not null take turns in the recycled elements.
                if (p % 2 == 0) partition.AbortedTransactions = null;
                else partition.AbortedTransactions!.Add().ProducerId = p;
            }
        }

        return response;
    }
}
