using Moldau.Broker.Tests.Nodes;
using Moldau.Metadata.Features;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Tests.Admin;

/// <summary>Brokers that exist on paper only: registered with the controller, and nothing behind it.</summary>
internal static class Registrations
{
    /// <summary>A registration as a broker of the same version would send it.</summary>
    public static BrokerRegistrationRequest Of(string cluster, int broker, long previousEpoch = -1)
    {
        var request = new BrokerRegistrationRequest
        {
            BrokerId = broker,
            ClusterId = cluster,
            IncarnationId = new Uuid(broker, 1),
            PreviousBrokerEpoch = previousEpoch,
            Listeners = [new() { Name = "PLAINTEXT", Host = "elsewhere", Port = 9092 }],
            LogDirs = [new Uuid(broker, 1000)],
        };
        foreach ((string name, LevelRange range) in FeatureCatalog.Supported)
        {
            request.Features.Add(new() { Name = name, MinSupportedVersion = range.Min, MaxSupportedVersion = range.Max });
        }

        return request;
    }

    /// <summary>Registers and unfences a broker; its id.</summary>
    public static async Task<int> RegisterAsync(RawClient controller, string cluster, int broker)
    {
        BrokerRegistrationResponse registered = await controller.AskAsync(Of(cluster, broker), 4);
        Assert.Equal(ErrorCode.None, (ErrorCode)registered.ErrorCode);
        BrokerHeartbeatResponse heard = await controller.AskAsync(
            new BrokerHeartbeatRequest { BrokerId = broker, BrokerEpoch = registered.BrokerEpoch, CurrentMetadataOffset = registered.BrokerEpoch + 1000 }, 2);
        Assert.Equal((ErrorCode.None, true, false), ((ErrorCode)heard.ErrorCode, heard.IsCaughtUp, heard.IsFenced));
        return broker;
    }
}
