using System.Buffers.Binary;
using Moldau.Broker.Tests.Nodes;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Tests.Network;

/// <summary>What a connection does with bytes that are no request, with too many of them, and with requests in a row.</summary>
public sealed class ConnectionTests
{
    [Fact]
    public void An_unknown_api_closes_the_connection_without_an_answer() => ClosesOn(Header(999, 0));

    [Fact]
    public void A_retired_api_closes_the_connection_without_an_answer() => ClosesOn(Header((short)ApiKey.LeaderAndIsr, 0));

    [Fact]
    public void An_unsupported_version_closes_the_connection_without_an_answer() => ClosesOn(Header((short)ApiKey.Metadata, 99));

    [Fact]
    public void Produce_below_version_3_closes_the_connection_although_it_is_advertised() => ClosesOn(Header((short)ApiKey.Produce, 0));

    [Fact]
    public void A_body_that_ends_too_early_closes_the_connection() => ClosesOn(Header((short)ApiKey.Metadata, 1));

    [Fact]
    public void A_negative_frame_size_closes_the_connection() => ClosesOn([0xff, 0xff, 0xff, 0xff]);

    [Fact]
    public void A_frame_beyond_the_limit_closes_the_connection_before_its_bytes_come() => NodeWorld.Run(
        async world =>
        {
            RawClient client = await world.ConnectAsync();
            await client.AskAsync(new MetadataRequest(), 1);
            byte[] size = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(size, 100_001);
            await client.SendBytesAsync(size);
            Assert.Null(await client.ReadFrameAsync());
        },
        ("socket.request.max.bytes", "100000"));

    [Fact]
    public void The_first_frame_may_not_be_as_large_as_later_ones() => NodeWorld.Run(async world =>
    {
        RawClient client = await world.ConnectAsync();
        byte[] size = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(size, 3_000_000);
        await client.SendBytesAsync(size);
        Assert.Null(await client.ReadFrameAsync());
    });

    [Fact]
    public void Other_connections_go_on_when_one_is_closed() => NodeWorld.Run(async world =>
    {
        RawClient good = await world.ConnectAsync(), bad = await world.ConnectAsync();
        await bad.SendBytesAsync(Frame(Header(999, 0)));
        Assert.Null(await bad.ReadFrameAsync());
        Assert.Single((await good.AskAsync(new MetadataRequest(), 1)).Brokers);
    });

    [Fact]
    public void Bytes_after_a_request_are_ignored() => NodeWorld.Run(async world =>
    {
        RawClient client = await world.ConnectAsync();
        byte[] request = RawClient.Encode(new MetadataRequest(), 1, 0);
        byte[] longer = [.. request, 1, 2, 3];
        BinaryPrimitives.WriteInt32BigEndian(longer, longer.Length - 4);
        await client.SendBytesAsync(longer);
        await client.AnswerAsync<MetadataResponse>(ApiKey.Metadata, 1, 0);
    });

    [Fact]
    public void Requests_sent_byte_by_byte_and_all_at_once_are_answered_in_order() => NodeWorld.Run(async world =>
    {
        RawClient client = await world.ConnectAsync();
        byte[] three = [.. Enumerable.Range(0, 3).SelectMany(i => RawClient.Encode(new MetadataRequest(), 1, i))];
        foreach (byte one in three) await client.SendBytesAsync([one]);
        await client.SendBytesAsync([.. Enumerable.Range(3, 300).SelectMany(i => RawClient.Encode(new ApiVersionsRequest(), 0, i))]);
        for (int i = 0; i < 3; i++) await client.AnswerAsync<MetadataResponse>(ApiKey.Metadata, 1, i);
        for (int i = 3; i < 303; i++) await client.AnswerAsync<ApiVersionsResponse>(ApiKey.ApiVersions, 0, i);
    });

    [Fact]
    public void A_frame_larger_than_every_pooled_buffer_arrives_whole() => NodeWorld.Run(async world =>
    {
        RawClient client = await world.ConnectAsync();
        await client.AskAsync(new ApiVersionsRequest(), 0);
        var request = new MetadataRequest { Topics = [] };
        for (int i = 0; i < 30_000; i++) request.Topics.Add().Name = $"{i:d6}-{new string('x', 100)}";
        MetadataResponse response = await client.AskAsync(request, 1);
        Assert.Equal(30_000, response.Topics.Count);
        Assert.StartsWith("029999-", response.Topics[^1].Name);
    }, ("auto.create.topics.enable", "false"));

    [Fact]
    public void A_connection_too_many_is_closed() => NodeWorld.Run(
        async world =>
        {
            RawClient first = await world.ConnectAsync(), second = await world.ConnectAsync();
            await first.AskAsync(new ApiVersionsRequest(), 0);
            await second.AskAsync(new ApiVersionsRequest(), 0);
            RawClient third = await world.ConnectAsync();
            Assert.Null(await third.ReadFrameAsync());
            await first.CloseAsync();
            await world.Scheduler.Delay(TimeSpan.FromSeconds(1));
            await (await world.ConnectAsync()).AskAsync(new ApiVersionsRequest(), 0);
        },
        ("max.connections.per.ip", "2"));

    [Fact]
    public void An_idle_connection_is_closed_and_a_busy_one_is_not() => NodeWorld.Run(
        async world =>
        {
            RawClient idle = await world.ConnectAsync(), busy = await world.ConnectAsync();
            await idle.AskAsync(new ApiVersionsRequest(), 0);
            Task<byte[]?> closed = idle.ReadFrameAsync();
            for (int i = 0; i < 40; i++)
            {
                await world.Scheduler.Delay(TimeSpan.FromSeconds(1));
                await busy.AskAsync(new ApiVersionsRequest(), 0);
            }

            Assert.True(closed.IsCompleted);
            Assert.Null(await closed);
        },
        ("connections.max.idle.ms", "20000"));

    private static void ClosesOn(byte[] frame) => NodeWorld.Run(async world =>
    {
        RawClient client = await world.ConnectAsync();
        await client.SendBytesAsync(frame.Length == 4 ? frame : Frame(frame));
        Assert.Null(await client.ReadFrameAsync());
    });

    private static byte[] Header(short key, short version)
    {
        byte[] header = new byte[10];
        BinaryPrimitives.WriteInt16BigEndian(header, key);
        BinaryPrimitives.WriteInt16BigEndian(header.AsSpan(2), version);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), 7);
        BinaryPrimitives.WriteInt16BigEndian(header.AsSpan(8), -1);
        return header;
    }

    private static byte[] Frame(byte[] content)
    {
        byte[] frame = new byte[4 + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, content.Length);
        content.CopyTo(frame, 4);
        return frame;
    }
}
