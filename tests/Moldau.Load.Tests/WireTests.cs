using System.Buffers.Binary;
using Moldau.Load.Compare.Wire;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Messages;

namespace Moldau.Load.Tests;

public sealed class WireTests
{
    private static readonly Uuid Topic = new(0x0102030405060708, 0x1112131415161718);

    [Fact]
    public void A_refused_batch_ends_the_load()
    {
        byte[] answer = Answer(partition => partition.ErrorCode = (short)ErrorCode.NotLeaderOrFollower);

        var refused = Assert.Throws<ReplayException>(() => ProduceFrame.Read(answer));

        Assert.Contains("NotLeaderOrFollower", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_acknowledgement_tells_its_request_and_offset() =>
        Assert.Equal((7, 123_456L), ProduceFrame.Read(Answer(partition => partition.BaseOffset = 123_456)));

    [Fact]
    public void A_patched_produce_request_is_read_as_what_it_was_patched_to()
    {
        BatchTemplate batch = BatchTemplate.OfCount(3, 50);
        var frame = new ProduceFrame(Topic, -1, batch);

        frame.Patch(frame.Bytes, 99, 5);
        frame.PatchProducer(frame.Bytes, new ProducerIdentity(4711, 2), 33);

        var reader = new WireReader(frame.Bytes.AsMemory(sizeof(int)));
        var header = new RequestHeader();
        MessageFrame.ReadRequestHeader(ref reader, header);
        var request = new ProduceRequest();
        request.Read(ref reader, header.RequestApiVersion);
        ProduceRequest.PartitionProduceData partition = request.TopicData[0].PartitionData[0];
        var sent = new RecordBatchHeader(partition.Records.Memory.Span);
        Assert.Equal((99, Topic, 5, (short)-1), (header.CorrelationId, request.TopicData[0].TopicId, partition.Index, request.Acks));
        Assert.Equal((4711L, (short)2, 33, 3), (sent.ProducerId.Value, sent.ProducerEpoch, sent.BaseSequence, sent.Count!.Value));
        Assert.True(RecordBatch.IsValid(partition.Records.Memory.Span));
    }

    [Fact]
    public void A_refused_fetch_ends_the_load()
    {
        byte[] answer = Fetched(response => response.Responses[0].Partitions[0].ErrorCode = (short)ErrorCode.OffsetOutOfRange);

        Assert.Throws<ReplayException>(() => new FetchAnswer(answer).Next());
    }

    [Fact]
    public void A_fetch_answer_is_walked_partition_by_partition()
    {
        byte[] answer = Fetched(response =>
        {
            FetchResponse.PartitionData second = response.Responses[0].Partitions.Add();
            second.PartitionIndex = 9;
            second.AbortedTransactions = null;
            second.Records = new Records(new byte[] { 1, 2, 3 });
        });

        var walked = new FetchAnswer(answer);

        Assert.Equal(7, walked.CorrelationId);
        Assert.True(walked.Next());
        Assert.Equal((4, 200), (walked.Partition, walked.Records.Length));
        Assert.True(walked.Next());
        Assert.Equal((9, 3), (walked.Partition, walked.Records.Length));
        Assert.False(walked.Next());
    }

    [Fact]
    public void A_patched_fetch_asks_for_the_offsets_it_was_patched_to()
    {
        var frame = new FetchFrame(Topic, [0, 2], new FetchSizes());

        frame.Patch(3);
        frame.PatchOffset(0, 1000);
        frame.PatchOffset(1, 2000);

        var reader = new WireReader(frame.Bytes.AsMemory(sizeof(int)));
        var header = new RequestHeader();
        MessageFrame.ReadRequestHeader(ref reader, header);
        var request = new FetchRequest();
        request.Read(ref reader, header.RequestApiVersion);
        Assert.Equal(3, header.CorrelationId);
        Assert.Equal([(0, 1000L), (2, 2000L)], request.Topics[0].Partitions.Select(partition => (partition.Partition, partition.FetchOffset)));
    }

    [Fact]
    public void A_missing_or_doubled_record_is_found_by_the_end_offsets()
    {
        var ledger = new PartitionLedger(2);
        ledger.Acknowledge(0, 0, 10);
        ledger.Acknowledge(0, 10, 10);
        ledger.Acknowledge(1, 0, 10);

        ledger.RequireEnds([20, 10]);
        Assert.Throws<LostRecordsException>(() => ledger.RequireEnds([30, 10]));
        Assert.Throws<LostRecordsException>(() => ledger.RequireEnds([20, 0]));
        ledger.Acknowledge(1, 0, 10);
        Assert.Throws<LostRecordsException>(() => ledger.RequireEnds([20, 10]));
    }

    [Fact]
    public void A_batch_that_came_back_changed_is_found()
    {
        BatchTemplate sent = BatchTemplate.OfCount(2, 40);
        var check = new BatchCheck(sent);
        byte[] other = [.. sent.Bytes];
        other[^1] ^= 1;

        check.Arrived(0, 0, 2, sent.Bytes, 0);
        Assert.Throws<LostRecordsException>(() => check.Arrived(0, 0, 2, other, 0));
        Assert.Throws<LostRecordsException>(() => check.Arrived(0, 0, 2, BatchTemplate.OfCount(2, 41).Bytes, 0));
    }

    [Fact]
    public void Batches_have_the_sizes_that_were_asked_for()
    {
        BatchTemplate big = BatchTemplate.OfBytes(256 * 1024, 1024);

        Assert.InRange(big.Bytes.Length, 250 * 1024, 256 * 1024);
        Assert.Equal(1, BatchTemplate.OfCount(1, 100).Count);
        Assert.True(RecordBatch.IsValid(big.Bytes));
    }

    private static byte[] Answer(Action<ProduceResponse.PartitionProduceResponse> change)
    {
        var response = new ProduceResponse();
        ProduceResponse.TopicProduceResponse topic = response.Responses.Add();
        topic.TopicId = Topic;
        change(topic.PartitionResponses.Add());
        return Framed(response, 13);
    }

    private static byte[] Fetched(Action<FetchResponse> change)
    {
        var response = new FetchResponse();
        FetchResponse.FetchableTopicResponse topic = response.Responses.Add();
        topic.TopicId = Topic;
        FetchResponse.PartitionData partition = topic.Partitions.Add();
        partition.PartitionIndex = 4;
        partition.Records = new Records(new byte[200]);
        change(response);
        return Framed(response, 18);
    }

    private static byte[] Framed(IResponse response, short version)
    {
        using var writer = new WireWriter();
        MessageFrame.WriteResponse(writer, response, version, 7);
        byte[] frame = writer.ToArray();
        Assert.Equal(frame.Length - sizeof(int), BinaryPrimitives.ReadInt32BigEndian(frame));
        return frame[sizeof(int)..];
    }
}
