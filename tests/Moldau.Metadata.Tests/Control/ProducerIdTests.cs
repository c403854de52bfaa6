using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Tests.Control;

public sealed class ProducerIdTests
{
    private readonly TestCluster cluster = new TestCluster().With(1);

    private AllocateProducerIdsResponse Allocate(long? epoch = null) =>
        cluster.Run(cluster.Controller.AllocateProducerIds(new AllocateProducerIdsRequest { BrokerId = 1, BrokerEpoch = epoch ?? cluster.Epoch(1) }));

    [Fact]
    public void Refuses_a_stale_broker() => Assert.Equal((short)ErrorCode.StaleBrokerEpoch, Allocate(0).ErrorCode);

    [Fact]
    public void Refuses_when_the_ids_are_used_up()
    {
        cluster.Controller.Replay(new MetadataRecord(new ProducerIdsRecord { NextProducerId = long.MaxValue - 999 }, 0), cluster.NextOffset);
        Assert.Equal((short)ErrorCode.UnknownServerError, Allocate().ErrorCode);
    }

    [Fact]
    public void Hands_out_blocks_of_a_thousand()
    {
        AllocateProducerIdsResponse first = Allocate(), second = Allocate();
        Assert.Equal((0, 1000), (first.ProducerIdStart, first.ProducerIdLen));
        Assert.Equal((1000, 1000), (second.ProducerIdStart, second.ProducerIdLen));
        Assert.Equal($$"""ProducerIds v0 {"brokerId":1,"brokerEpoch":{{cluster.Epoch(1)}},"nextProducerId":2000}""", cluster.Lines()[^1]);
    }
}
