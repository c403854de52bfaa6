using Moldau.Broker.Tests.Nodes;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Tests.Fetching;

public sealed class FetchSessionTests
{
    [Fact]
    public void An_unknown_session_is_not_found() => Run(async (_, client) =>
    {
        FetchResponse response = await client.AskAsync(new FetchRequest { SessionId = 77, SessionEpoch = 1 }, 11);
        Assert.Equal((ErrorCode.FetchSessionIdNotFound, 0), ((ErrorCode)response.ErrorCode, response.SessionId));
        Assert.Empty(response.Responses);
    });

    [Fact]
    public void A_wrong_epoch_is_refused_and_the_right_one_goes_on() => Run(async (_, client) =>
    {
        FetchResponse first = await client.AskAsync(Begin(), 11);
        Assert.NotEqual(0, first.SessionId);
        Assert.Equal(ErrorCode.InvalidFetchSessionEpoch, (ErrorCode)(await client.AskAsync(Next(first, 2), 11)).ErrorCode);
        Assert.Equal(ErrorCode.None, (ErrorCode)(await client.AskAsync(Next(first, 1), 11)).ErrorCode);
        Assert.Equal(ErrorCode.InvalidFetchSessionEpoch, (ErrorCode)(await client.AskAsync(Next(first, 1), 11)).ErrorCode);
        Assert.Equal(ErrorCode.None, (ErrorCode)(await client.AskAsync(Next(first, 2), 11)).ErrorCode);
    });

    [Fact]
    public void A_session_of_names_cannot_go_on_with_ids() => Run(async (_, client) =>
    {
        FetchResponse first = await client.AskAsync(Begin(), 12);
        Assert.Equal(ErrorCode.FetchSessionTopicIdError, (ErrorCode)(await client.AskAsync(Next(first, 1), 13)).ErrorCode);
    });

    [Fact]
    public void An_ended_session_is_gone() => Run(async (_, client) =>
    {
        FetchResponse first = await client.AskAsync(Begin(), 11);
        FetchRequest last = Begin();
        last.SessionId = first.SessionId;
        last.SessionEpoch = -1;
        Assert.Equal(0, (await client.AskAsync(last, 11)).SessionId);
        Assert.Equal(ErrorCode.FetchSessionIdNotFound, (ErrorCode)(await client.AskAsync(Next(first, 1), 11)).ErrorCode);
    });

    [Fact]
    public void The_first_answer_names_every_partition_and_later_ones_only_news() => Run(async (world, client) =>
    {
        FetchResponse first = await client.AskAsync(Begin(), 11);
        Assert.Equal([0, 1], Partitions(first));
        Assert.Empty(Partitions(await client.AskAsync(Next(first, 1), 11)));
        await client.AskAsync(Batches.Produce("t", 1, Batches.Of(world.Now(), "a")), 9);
        FetchResponse news = await client.AskAsync(Next(first, 2), 11);
        Assert.Equal([1], Partitions(news));
        Assert.Equal(["a"], Batches.Values(news.Responses[0].Partitions[0].Records));
        FetchRequest read = Next(first, 3);
        Batches.Add(read, "t", 1, 1);
        Assert.Empty(Partitions(await client.AskAsync(read, 11)));
    });

    [Fact]
    public void A_forgotten_partition_is_read_no_more_and_an_empty_session_ends() => Run(async (world, client) =>
    {
        FetchResponse first = await client.AskAsync(Begin(), 11);
        await client.AskAsync(Batches.Produce("t", 1, Batches.Of(world.Now(), "a")), 9);
        FetchRequest forget = Next(first, 1);
        FetchRequest.ForgottenTopic topic = forget.ForgottenTopicsData.Add();
        topic.Topic = "t";
        topic.Partitions.Add(1);
        Assert.Empty(Partitions(await client.AskAsync(forget, 11)));
        FetchRequest forgetAll = Next(first, 2);
        topic = forgetAll.ForgottenTopicsData.Add();
        topic.Topic = "t";
        topic.Partitions.Add(0);
        Assert.Equal(0, (await client.AskAsync(forgetAll, 11)).SessionId);
        Assert.Equal(ErrorCode.FetchSessionIdNotFound, (ErrorCode)(await client.AskAsync(Next(first, 3), 11)).ErrorCode);
    });

    [Fact]
    public void An_incremental_fetch_that_names_nothing_waits_for_the_session() => Run(async (world, client) =>
    {
        FetchResponse first = await client.AskAsync(Begin(), 11);
        FetchRequest wait = Next(first, 1);
        wait.MaxWaitMs = 60_000;
        int correlation = await client.SendAsync(wait, 11);
        Assert.True(await client.IsSilentForAsync(TimeSpan.FromSeconds(20)));
        RawClient writer = await world.ConnectAsync();
        await writer.AskAsync(Batches.Produce("t", 0, Batches.Of(world.Now(), "a")), 9);
        Assert.Equal([0], Partitions(await client.AnswerAsync<FetchResponse>(ApiKey.Fetch, 11, correlation)));
    });

    [Fact]
    public void A_partition_with_records_goes_to_the_end_of_the_order() => Run(async (world, client) =>
    {
        for (int partition = 0; partition < 2; partition++)
        {
            await client.AskAsync(Batches.Produce("t", partition, Batches.Of(world.Now(), new string('x', 500))), 9);
        }

        FetchRequest begin = Begin();
        begin.MaxBytes = 100;
        FetchResponse first = await client.AskAsync(begin, 11);
        Assert.True(first.Responses[0].Partitions[0].Records.Length > 0);
        FetchRequest again = Next(first, 1);
        again.MaxBytes = 100;
        FetchResponse second = await client.AskAsync(again, 11);
        Assert.Equal([1], second.Responses.SelectMany(topic => topic.Partitions).Where(partition => partition.Records.Length > 0).Select(partition => partition.PartitionIndex));
    });

    [Fact]
    public void Fewer_than_eight_slots_are_no_sessions_at_all() => NodeWorld.Run(
        async world =>
        {
            await world.CreateTopicAsync("t", 2);
            RawClient client = await world.ConnectAsync();
            Assert.Equal(0, (await client.AskAsync(Begin(), 11)).SessionId);
        },
        ("max.incremental.fetch.session.cache.slots", "7"));

    [Fact]
    public void A_full_cache_gives_no_session_until_one_is_old() => NodeWorld.Run(
        async world =>
        {
            await world.CreateTopicAsync("t", 2);
            RawClient client = await world.ConnectAsync();
            for (int i = 0; i < 8; i++) Assert.NotEqual(0, (await client.AskAsync(Begin(), 11)).SessionId);
            Assert.Equal(0, (await client.AskAsync(Begin(), 11)).SessionId);
            await world.Scheduler.Delay(TimeSpan.FromSeconds(121));
            Assert.NotEqual(0, (await client.AskAsync(Begin(), 11)).SessionId);
        },
        ("max.incremental.fetch.session.cache.slots", "8"));

    private static void Run(Func<NodeWorld, RawClient, Task> scenario) => NodeWorld.Run(async world =>
    {
        await world.CreateTopicAsync("t", 2);
        await scenario(world, await world.ConnectAsync());
    });

    private static FetchRequest Begin()
    {
        FetchRequest request = Batches.Fetch("t", 0, 0);
        request.SessionEpoch = 0;
        Batches.Add(request, "t", 1, 0);
        return request;
    }

    private static FetchRequest Next(FetchResponse session, int epoch) => new() { SessionId = session.SessionId, SessionEpoch = epoch, MinBytes = 1 };

    private static IEnumerable<int> Partitions(FetchResponse response) => response.Responses.SelectMany(topic => topic.Partitions).Select(partition => partition.PartitionIndex);
}
