using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Tests.Nodes;

/// <summary>How a node ends.</summary>
public sealed class StopTests
{
    [Fact]
    public void Two_listeners_of_one_name_do_not_start() => Assert.ThrowsAny<Exception>(() => NodeWorld.Run(
        _ => Task.CompletedTask, ("listeners", "PLAINTEXT://node:9092,PLAINTEXT://node:9093")));

    [Fact]
    public void A_stopped_node_says_so_and_stopping_it_again_is_nothing() => NodeWorld.Run(async world =>
    {
        await world.StopNodeAsync();
        await world.StopNodeAsync();
        Assert.Equal(NodeExit.Stopped, await world.Node.Completion);
        Assert.Null(world.Node.Failure);
    });

    [Fact]
    public void A_request_under_way_is_answered_before_the_node_ends() => NodeWorld.Run(async world =>
    {
        await world.CreateTopicAsync("t");
        RawClient reader = await world.ConnectAsync(), writer = await world.ConnectAsync();
        int correlation = await reader.SendAsync(Batches.Fetch("t", 0, 0, maxWaitMs: 2_000), 11);
        await world.Scheduler.Delay(TimeSpan.FromMilliseconds(100));
        Task stop = world.StopNodeAsync();
        await reader.AnswerAsync<FetchResponse>(ApiKey.Fetch, 11, correlation);
        await stop;
        Assert.Null(await reader.ReadFrameAsync());
        Assert.Null(await writer.ReadFrameAsync());
    });

    [Fact]
    public void What_was_acknowledged_while_the_node_was_stopping_is_there_after_the_next_start() => NodeWorld.Run(7, async world =>
    {
        await world.CreateTopicAsync("t");
        RawClient client = await world.ConnectAsync();
        int acknowledged = 0;
        Task stop = Task.CompletedTask;
        for (int i = 0; i < 500; i++)
        {
            if (i == 100) stop = world.StopNodeAsync();
            try
            {
                await client.SendAsync(Batches.Produce("t", 0, Batches.Of(world.Now(), $"v{i}")), 9);
                if (await client.ReadFrameAsync() is not { } frame) break;
                var reader = new WireReader(frame);
                MessageFrame.ReadResponseHeader(ref reader, ApiKey.Produce, 9);
                var response = new ProduceResponse();
                response.Read(ref reader, 9);
                if (response.Responses[0].PartitionResponses[0].ErrorCode == (short)ErrorCode.None) acknowledged = i + 1;
            }
            catch (IOException)
            {
                break;
            }
        }

        await stop;
        Assert.True(acknowledged >= 100);
        await world.StartNodeAsync();
        FetchResponse fetched = await (await world.ConnectAsync()).AskAsync(Batches.Fetch("t", 0, 0), 11);
        List<string> values = Batches.Values(fetched.Responses[0].Partitions[0].Records);
        Assert.Equal(Enumerable.Range(0, acknowledged).Select(i => $"v{i}"), values.Take(acknowledged));
    });
}
