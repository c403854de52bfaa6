using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Tests.Admin;

/// <summary>The same APIs on a listener that is the controller's alone.</summary>
public sealed class ControllerListenerTests
{
    private const sbyte Topic = 2, Broker = 4, Set = 0;

    [Fact]
    public void A_broker_that_is_not_registered_is_the_controllers_to_refuse() => AdminScenario.PlayApart(async (controller, _) =>
        Assert.Equal((ErrorCode.BrokerIdNotRegistered, "No node with id 9 found."), await controller.AlterAsync(Broker, "9", ("log.retention.ms", Set, "1"))));

    [Fact]
    public void Topics_and_configurations_are_changed_and_described_there_too() => AdminScenario.PlayApart(async (controller, broker) =>
    {
        Assert.Equal(ErrorCode.None, await controller.CreateAsync("t", 2, ("retention.ms", "5")));
        Assert.Equal("5", await broker.ValueAsync(Topic, "t", "retention.ms"));
        Assert.Equal(ErrorCode.None, (await controller.AlterAsync(Topic, "t", ("retention.ms", Set, "6"))).Error);
        Assert.Equal("6", await controller.ValueAsync(Topic, "t", "retention.ms"));
        var raise = new CreatePartitionsRequest { TimeoutMs = 1000, Topics = [new() { Name = "t", Count = 3, Assignments = null }] };
        Assert.Equal(0, Assert.Single((await controller.Node.AskAsync(raise, 3)).Results).ErrorCode);
        var replace = new AlterConfigsRequest { Resources = [new() { ResourceType = Topic, ResourceName = "t", Configs = [new() { Name = "segment.ms", Value = "7" }] }] };
        Assert.Equal(0, Assert.Single((await controller.Node.AskAsync(replace, 2)).Responses).ErrorCode);
        Assert.Equal("604800000", await broker.ValueAsync(Topic, "t", "retention.ms"));
        Assert.Equal(0, Assert.Single((await controller.Node.AskAsync(new DeleteTopicsRequest { TimeoutMs = 1000, TopicNames = ["t"] }, 5)).Responses).ErrorCode);
        Assert.Equal(ErrorCode.UnknownTopicOrPartition, (ErrorCode)(await broker.DescribeAsync(Topic, "t")).ErrorCode);
    });
}
