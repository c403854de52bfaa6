using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Broker.Handlers;
using Moldau.Broker.Network;
using Moldau.Broker.Tests.Nodes;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Transport;
using Moldau.Simulated;

namespace Moldau.Broker.Tests.Network;

public sealed class CoalescingTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(16, 1)]
    [InlineData(200, 4)]
    public async Task Answers_to_requests_that_came_together_leave_together(int requests, int sends)
    {
        using var world = new SimulatedWorld(1);
        byte[] together = [.. Enumerable.Range(0, requests).SelectMany(i => RawClient.Encode(new SaslHandshakeRequest { Mechanism = "x" }, 1, i))];
        var script = new ScriptedConnection(together, times: 1);
        var parts = new ServerParts(
            new NetworkOptions(),
            new HandlerTable([new SaslHandshakeHandler()]),
            world.Driver.Scheduler,
            new BufferPool(),
            new ResponseWriters(),
            NullLogger.Instance,
            failure => throw failure);
        await new ClientConnection(script, new ListenerEndpoint("PLAINTEXT", "PLAINTEXT", "", 0, Listeners.Broker), parts).RunAsync();
        Assert.Equal(sends, script.Sends);
        Assert.Equal(requests * 14, script.SentBytes);
    }
}
