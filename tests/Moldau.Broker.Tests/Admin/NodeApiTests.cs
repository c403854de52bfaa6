using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Tests.Admin;

/// <summary>What nodes ask the controller, on its own listener.</summary>
public sealed class NodeApiTests
{
    [Fact]
    public void A_client_finds_none_of_it_on_its_listener() => AdminScenario.PlayApart(async (_, broker) =>
    {
        await broker.Node.SendAsync(new BrokerHeartbeatRequest { BrokerId = 1 }, 2);
        Assert.Null(await broker.Node.ReadFrameAsync());
    });

    [Fact]
    public void A_broker_of_another_cluster_or_without_directories_is_refused() => AdminScenario.PlayApart(async (controller, broker) =>
    {
        BrokerRegistrationRequest request = Registrations.Of("another", 2);
        Assert.Equal(ErrorCode.InconsistentClusterId, (ErrorCode)(await controller.Node.AskAsync(request, 4)).ErrorCode);
        request = Registrations.Of(broker.World.Node.ClusterId, 2);
        request.LogDirs.Clear();
        Assert.Equal(ErrorCode.InvalidRegistration, (ErrorCode)(await controller.Node.AskAsync(request, 4)).ErrorCode);
        Assert.Equal(ErrorCode.DuplicateBrokerRegistration, (ErrorCode)(await controller.Node.AskAsync(Registrations.Of(broker.World.Node.ClusterId, 1), 4)).ErrorCode);
    });

    [Fact]
    public void A_broker_that_registers_is_shown_once_it_is_heard_and_gone_once_it_is_taken_out() => AdminScenario.PlayApart(async (controller, broker) =>
    {
        await Registrations.RegisterAsync(controller.Node, broker.World.Node.ClusterId, 2);
        Assert.Equal([1, 2], await BrokersAsync(broker));
        Assert.Equal(ErrorCode.StaleBrokerEpoch, (ErrorCode)(await controller.Node.AskAsync(new BrokerHeartbeatRequest { BrokerId = 2, BrokerEpoch = 0 }, 2)).ErrorCode);
        UnregisterBrokerResponse gone = await broker.Node.AskAsync(new UnregisterBrokerRequest { BrokerId = 2 }, 0);
        Assert.Equal((ErrorCode.None, null), ((ErrorCode)gone.ErrorCode, gone.ErrorMessage));
        Assert.Equal([1], await BrokersAsync(broker));
    });

    [Fact]
    public void Producer_ids_are_given_to_brokers_that_are_registered() => AdminScenario.PlayApart(async (controller, broker) =>
    {
        Assert.Equal(ErrorCode.StaleBrokerEpoch, (ErrorCode)(await controller.Node.AskAsync(new AllocateProducerIdsRequest { BrokerId = 2, BrokerEpoch = 5 }, 0)).ErrorCode);
        BrokerRegistrationResponse registered = await controller.Node.AskAsync(Registrations.Of(broker.World.Node.ClusterId, 2), 4);
        var request = new AllocateProducerIdsRequest { BrokerId = 2, BrokerEpoch = registered.BrokerEpoch };
        AllocateProducerIdsResponse first = await controller.Node.AskAsync(request, 0), second = await controller.Node.AskAsync(request, 0);
        Assert.Equal((0, 0, 1000), (first.ErrorCode, second.ErrorCode, first.ProducerIdLen));
        Assert.Equal(first.ProducerIdStart + first.ProducerIdLen, second.ProducerIdStart);
    });

    [Fact]
    public void The_controller_is_found_on_its_own_listener() => AdminScenario.PlayApart(async (controller, _) =>
    {
        DescribeClusterResponse response = await controller.Node.AskAsync(new DescribeClusterRequest { EndpointType = 2 }, 2);
        DescribeClusterResponse.DescribeClusterBroker self = Assert.Single(response.Brokers);
        Assert.Equal((0, 1, 1, "node", 9093), (response.ErrorCode, response.ControllerId, self.BrokerId, self.Host, self.Port));
    });

    [Fact]
    public void A_controller_registers_and_is_taken_out() => AdminScenario.PlayApart(async (controller, broker) =>
    {
        var request = new ControllerRegistrationRequest { ControllerId = 7, IncarnationId = new Uuid(7, 7), Listeners = [new() { Name = "CONTROLLER", Host = "elsewhere", Port = 9093 }] };
        ControllerRegistrationResponse registered = await controller.Node.AskAsync(request, 0);
        Assert.Equal((ErrorCode.None, null), ((ErrorCode)registered.ErrorCode, registered.ErrorMessage));
        UnregisterControllerResponse gone = await broker.Node.AskAsync(new UnregisterControllerRequest { ControllerId = 7 }, 0);
        Assert.Equal((ErrorCode.None, null), ((ErrorCode)gone.ErrorCode, gone.ErrorMessage));
        Assert.Equal(ErrorCode.ControllerIdNotRegistered, (ErrorCode)(await controller.Node.AskAsync(new UnregisterControllerRequest { ControllerId = 7 }, 0)).ErrorCode);
    });

    [Fact]
    public void An_ISR_is_proposed_by_a_leader_with_its_epoch() => AdminScenario.PlayApart(async (controller, broker) =>
    {
        await broker.CreateAsync("t");
        Uuid topic = broker.World.Node.Services.Metadata.Image.Topics.Find("t")!.Id;
        AlterPartitionRequest Propose(long brokerEpoch, int leaderEpoch) => new()
        {
            BrokerId = 1,
            BrokerEpoch = brokerEpoch,
            Topics = [new() { TopicId = topic, Partitions = [new() { PartitionIndex = 0, LeaderEpoch = leaderEpoch, PartitionEpoch = 0, NewIsrWithEpochs = [new() { BrokerId = 1, BrokerEpoch = brokerEpoch }] }] }],
        };
        long epoch = broker.World.Node.Services.Metadata.Image.Cluster.Broker(1)!.Epoch;
        Assert.Equal(ErrorCode.StaleBrokerEpoch, (ErrorCode)(await controller.Node.AskAsync(Propose(epoch + 1, 0), 3)).ErrorCode);
        Assert.Equal(ErrorCode.NotController, (ErrorCode)(await controller.Node.AskAsync(Propose(epoch, 9), 3)).Topics[0].Partitions[0].ErrorCode);
        AlterPartitionResponse.PartitionData changed = (await controller.Node.AskAsync(Propose(epoch, 0), 3)).Topics[0].Partitions[0];
        Assert.Equal((0, 1), (changed.ErrorCode, changed.LeaderId));
        Assert.Equal([1], changed.Isr);
    });

    private static async Task<IEnumerable<int>> BrokersAsync(AdminScenario admin) =>
        (await admin.Node.AskAsync(new DescribeClusterRequest { EndpointType = 1 }, 2)).Brokers.Select(broker => broker.BrokerId);
}
