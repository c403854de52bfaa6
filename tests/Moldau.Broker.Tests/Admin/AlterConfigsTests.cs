using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Tests.Admin;

public sealed class AlterConfigsTests
{
    private const sbyte Topic = 2, Broker = 4, Logger = 8, Group = 32;
    private const sbyte Set = 0, Delete = 1, Append = 2, Subtract = 3;

    [Fact]
    public void What_cannot_be_altered_is_refused() => AdminScenario.Play(async admin =>
    {
        await admin.CreateAsync("t");
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (await admin.AlterAsync(Topic, "nowhere", ("retention.ms", Set, "1"))).Error);
        Assert.Equal(ErrorCode.InvalidConfig, (await admin.AlterAsync(Topic, "t", ("retention.ms", Set, "soon"))).Error);
        Assert.Equal(ErrorCode.InvalidRequest, (await admin.AlterAsync(Topic, "t", ("retention.ms", Set, null))).Error);
        Assert.Equal(ErrorCode.InvalidRequest, (await admin.AlterAsync(Topic, "t", ("retention.ms", 9, "1"))).Error);
        Assert.Equal(ErrorCode.InvalidConfig, (await admin.AlterAsync(Topic, "t", ("retention.ms", Append, "1"))).Error);
        Assert.Equal((ErrorCode.InvalidRequest, "Error due to duplicate config keys"), await admin.AlterAsync(Topic, "t", ("retention.ms", Set, "1"), ("retention.ms", Set, "2")));
        Assert.Equal((ErrorCode.InvalidRequest, "Unexpected broker id, expected 1, but received 2"), await admin.AlterAsync(Broker, "2", ("log.retention.ms", Set, "1")));
        Assert.Equal((ErrorCode.InvalidRequest, "Node id must be an integer, but it is: one"), await admin.AlterAsync(Broker, "one", ("log.retention.ms", Set, "1")));
        Assert.Equal((ErrorCode.InvalidRequest, "Cannot update these configs dynamically: node.id"), await admin.AlterAsync(Broker, "1", ("node.id", Set, "2")));
        Assert.Equal((ErrorCode.InvalidRequest, "Unknown resource type 3"), await admin.AlterAsync(3, "x", ("a", Set, "1")));
    });

    [Fact]
    public void A_resource_named_twice_is_refused_and_the_others_are_not() => AdminScenario.Play(async admin =>
    {
        await admin.CreateAsync("t");
        await admin.CreateAsync("u");
        var request = new IncrementalAlterConfigsRequest();
        foreach (string topic in (string[])["t", "u", "t"])
        {
            request.Resources.Add(new() { ResourceType = Topic, ResourceName = topic, Configs = [new() { Name = "retention.ms", Value = "7" }] });
        }

        IncrementalAlterConfigsResponse response = await admin.Node.AskAsync(request, 1);
        Assert.Equal([(short)ErrorCode.InvalidRequest, 0, (short)ErrorCode.InvalidRequest], response.Responses.Select(one => one.ErrorCode));
        Assert.Equal("7", await admin.ValueAsync(Topic, "u", "retention.ms"));
        Assert.Equal("604800000", await admin.ValueAsync(Topic, "t", "retention.ms"));
    });

    [Fact]
    public void Keys_are_set_appended_subtracted_and_deleted() => AdminScenario.Play(async admin =>
    {
        await admin.CreateAsync("t");
        Assert.Equal(ErrorCode.None, (await admin.AlterAsync(Topic, "t", ("retention.ms", Set, "5"), ("cleanup.policy", Append, "compact"))).Error);
        Assert.Equal("5", await admin.ValueAsync(Topic, "t", "retention.ms"));
        Assert.Equal("delete,compact", await admin.ValueAsync(Topic, "t", "cleanup.policy"));
        Assert.Equal(ErrorCode.None, (await admin.AlterAsync(Topic, "t", ("retention.ms", Delete, null), ("cleanup.policy", Subtract, "delete"))).Error);
        Assert.Equal("604800000", await admin.ValueAsync(Topic, "t", "retention.ms"));
        Assert.Equal("compact", await admin.ValueAsync(Topic, "t", "cleanup.policy"));
        Assert.Equal(ErrorCode.None, (await admin.AlterAsync(Group, "g", ("consumer.session.timeout.ms", Set, "50000"))).Error);
        Assert.Equal("50000", await admin.ValueAsync(Group, "g", "consumer.session.timeout.ms"));
    });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Validation_alone_changes_nothing(short version) => AdminScenario.Play(async admin =>
    {
        var request = new IncrementalAlterConfigsRequest { ValidateOnly = true };
        request.Resources.Add(new() { ResourceType = Broker, ResourceName = "", Configs = [new() { Name = "log.retention.ms", Value = "7" }] });
        request.Resources.Add(new() { ResourceType = Logger, ResourceName = "1", Configs = [new() { Name = "root", Value = "DEBUG" }] });
        Assert.Equal([0, 0], (await admin.Node.AskAsync(request, version)).Responses.Select(one => (int)one.ErrorCode));
        Assert.Null(await admin.ValueAsync(Broker, "1", "log.retention.ms"));
        Assert.Equal("INFO", await admin.ValueAsync(Logger, "1", "root"));
    });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void The_older_API_replaces_everything_that_is_set(short version) => AdminScenario.Play(async admin =>
    {
        await admin.CreateAsync("t", 1, ("retention.ms", "5"), ("segment.ms", "6"));
        Assert.Equal(ErrorCode.InvalidConfig, await ReplaceAsync(Topic, "t", "retention.ms", "soon"));
        Assert.Equal(ErrorCode.InvalidRequest, await ReplaceAsync(Topic, "t", "retention.ms", null));
        Assert.Equal(ErrorCode.InvalidRequest, await ReplaceAsync(Logger, "1", "root", "DEBUG"));
        Assert.Equal(ErrorCode.InvalidRequest, await ReplaceAsync(Broker, "7", "log.retention.ms", "1"));
        Assert.Equal(ErrorCode.None, await ReplaceAsync(Topic, "t", "retention.ms", "7"));
        Assert.Equal("7", await admin.ValueAsync(Topic, "t", "retention.ms"));
        Assert.Equal("604800000", await admin.ValueAsync(Topic, "t", "segment.ms"));

        async Task<ErrorCode> ReplaceAsync(sbyte type, string name, string key, string? value)
        {
            var request = new AlterConfigsRequest();
            request.Resources.Add(new() { ResourceType = type, ResourceName = name, Configs = [new() { Name = key, Value = value }] });
            return (ErrorCode)Assert.Single((await admin.Node.AskAsync(request, version)).Responses).ErrorCode;
        }
    });

    [Fact]
    public void Levels_of_loggers_change_and_go_back() => AdminScenario.Play(async admin =>
    {
        Assert.Equal(ErrorCode.InvalidConfig, (await admin.AlterAsync(Logger, "1", ("nobody", Set, "DEBUG"))).Error);
        Assert.Equal(ErrorCode.InvalidConfig, (await admin.AlterAsync(Logger, "1", ("root", Set, "LOUD"))).Error);
        Assert.Equal(ErrorCode.InvalidRequest, (await admin.AlterAsync(Logger, "1", ("root", Delete, null))).Error);
        Assert.Equal(ErrorCode.InvalidRequest, (await admin.AlterAsync(Logger, "1", ("root", Append, "DEBUG"))).Error);
        Assert.Equal(ErrorCode.InvalidRequest, (await admin.AlterAsync(Logger, "2", ("root", Set, "DEBUG"))).Error);
        Assert.Equal(ErrorCode.None, (await admin.AlterAsync(Logger, "1", ("root", Set, "WARN"))).Error);
        Assert.Equal("WARN", await admin.ValueAsync(Logger, "1", "Moldau.Broker"));
        Assert.Equal(ErrorCode.None, (await admin.AlterAsync(Logger, "1", ("Moldau.Broker", Set, "TRACE"))).Error);
        Assert.Equal("TRACE", await admin.ValueAsync(Logger, "1", "Moldau.Broker"));
        Assert.Equal(ErrorCode.None, (await admin.AlterAsync(Logger, "1", ("Moldau.Broker", Delete, null))).Error);
        Assert.Equal("WARN", await admin.ValueAsync(Logger, "1", "Moldau.Broker"));
    });
}
