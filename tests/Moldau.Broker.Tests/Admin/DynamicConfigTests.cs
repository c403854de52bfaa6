using Moldau.Broker.Tests.Nodes;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Tests.Admin;

/// <summary>What is set dynamically takes effect at once, without a restart.</summary>
public sealed class DynamicConfigTests
{
    private const sbyte Topic = 2, Broker = 4, Set = 0, Delete = 1;

    [Fact]
    public void A_smaller_message_size_of_the_topic_refuses_the_next_batch() => AdminScenario.Play(async admin =>
    {
        await admin.CreateAsync("t");
        Assert.Equal(ErrorCode.None, await ProduceAsync(admin, "t", 1000));
        await admin.AlterAsync(Topic, "t", ("max.message.bytes", Set, "500"));
        Assert.Equal(ErrorCode.MessageTooLarge, await ProduceAsync(admin, "t", 1000));
        await admin.AlterAsync(Topic, "t", ("max.message.bytes", Delete, null));
        Assert.Equal(ErrorCode.None, await ProduceAsync(admin, "t", 1000));
    });

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    public void A_brokers_message_size_holds_for_topics_without_their_own(string broker) => AdminScenario.Play(async admin =>
    {
        await admin.CreateAsync("t");
        await admin.CreateAsync("own", 1, ("max.message.bytes", "2000"));
        await admin.AlterAsync(Broker, broker, ("message.max.bytes", Set, "500"));
        Assert.Equal(ErrorCode.MessageTooLarge, await ProduceAsync(admin, "t", 1000));
        Assert.Equal(ErrorCode.None, await ProduceAsync(admin, "own", 1000));
        Assert.Equal("500", await admin.ValueAsync(Topic, "t", "max.message.bytes"));
    });

    [Fact]
    public void A_broker_wins_over_the_default_of_all_which_wins_over_the_file() => AdminScenario.Play(
        async admin =>
        {
            await admin.CreateAsync("t");
            Assert.Equal("3600000", await admin.ValueAsync(Topic, "t", "retention.ms"));
            await admin.AlterAsync(Broker, "", ("log.retention.ms", Set, "20"));
            Assert.Equal("20", await admin.ValueAsync(Topic, "t", "retention.ms"));
            await admin.AlterAsync(Broker, "1", ("log.retention.ms", Set, "30"));
            Assert.Equal("30", await admin.ValueAsync(Topic, "t", "retention.ms"));
            await admin.AlterAsync(Topic, "t", ("retention.ms", Set, "40"));
            Assert.Equal("40", await admin.ValueAsync(Topic, "t", "retention.ms"));
            var retention = Assert.Single((await admin.DescribeAsync(Topic, "t", "retention.ms")).Configs);
            Assert.Equal(
                ["retention.ms=40@1", "log.retention.ms=30@2", "log.retention.ms=20@3", "log.retention.hours=1@4", "log.retention.hours=168@5"],
                retention.Synonyms.Select(one => $"{one.Name}={one.Value}@{one.Source}"));
        },
        ("log.retention.hours", "1"));

    [Fact]
    public void The_brokers_clock_stamps_records_from_the_moment_it_is_asked_to() => AdminScenario.Play(async admin =>
    {
        await admin.CreateAsync("t");
        Assert.Equal(-1, (await AppendAsync(admin, "t", 10)).LogAppendTimeMs);
        await admin.AlterAsync(Broker, "", ("log.message.timestamp.type", Set, "LogAppendTime"));
        Assert.NotEqual(-1, (await AppendAsync(admin, "t", 10)).LogAppendTimeMs);
        await admin.AlterAsync(Topic, "t", ("message.timestamp.type", Set, "CreateTime"));
        Assert.Equal(-1, (await AppendAsync(admin, "t", 10)).LogAppendTimeMs);
    });

    [Fact]
    public void What_was_set_is_in_effect_again_after_a_restart() => AdminScenario.Play(async admin =>
    {
        await admin.CreateAsync("t", 1, ("retention.bytes", "123456"));
        await admin.AlterAsync(Broker, "1", ("message.max.bytes", Set, "500"), ("producer.id.expiration.ms", Set, "77"));
        await admin.World.StopNodeAsync();
        await admin.World.StartNodeAsync();
        var after = new AdminScenario(admin.World, await admin.World.ConnectAsync());
        Assert.Equal(ErrorCode.MessageTooLarge, await ProduceAsync(after, "t", 1000));
        Assert.Equal("123456", await after.ValueAsync(Topic, "t", "retention.bytes"));
        Assert.Equal("77", await after.ValueAsync(Broker, "1", "producer.id.expiration.ms"));
    });

    [Theory]
    [InlineData("max.connections", "1")]
    [InlineData("max.connections.per.ip", "1")]
    [InlineData("max.connections.per.ip.overrides", "10.0.0.1:1")]
    public void A_limit_of_connections_holds_for_those_that_come_later(string key, string limit) => AdminScenario.Play(async admin =>
    {
        Assert.True(await admin.AnswersAnotherConnectionAsync());
        Assert.Equal((ErrorCode.None, null), await admin.AlterAsync(Broker, "1", (key, Set, limit)));
        Assert.False(await admin.AnswersAnotherConnectionAsync());
        Assert.Equal((ErrorCode.None, null), await admin.AlterAsync(Broker, "1", (key, Delete, null)));
        Assert.True(await admin.AnswersAnotherConnectionAsync());
    });

    private static async Task<ErrorCode> ProduceAsync(AdminScenario admin, string topic, int bytes) => (ErrorCode)(await AppendAsync(admin, topic, bytes)).ErrorCode;

    private static async Task<ProduceResponse.PartitionProduceResponse> AppendAsync(AdminScenario admin, string topic, int bytes)
    {
        ProduceRequest request = Batches.Produce(topic, 0, Batches.Of(admin.World.Now(), new string('x', bytes)));
        return Assert.Single(Assert.Single((await admin.Node.AskAsync(request, 9)).Responses).PartitionResponses);
    }
}
