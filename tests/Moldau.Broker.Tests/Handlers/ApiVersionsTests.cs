using System.Text.Json;
using Moldau.Broker.Handlers;
using Moldau.Broker.Tests.Nodes;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Tests.Handlers;

public sealed class ApiVersionsTests
{
    [Theory]
    [InlineData(6)]
    [InlineData(99)]
    [InlineData(32767)]
    [InlineData(-1)]
    public void A_version_of_the_future_gets_error_35_in_the_first_layout(short version) => NodeWorld.Run(async world =>
    {
        RawClient client = await world.ConnectAsync();
        byte[] frame = RawClient.Encode(new ApiVersionsRequest { ClientSoftwareName = "a", ClientSoftwareVersion = "1" }, 3, 5);
        frame[6] = (byte)(version >> 8);
        frame[7] = (byte)version;
        await client.SendBytesAsync(frame);
        ApiVersionsResponse response = await client.AnswerAsync<ApiVersionsResponse>(ApiKey.ApiVersions, 0, 5);
        Assert.Equal(ErrorCode.UnsupportedVersion, (ErrorCode)response.ErrorCode);
        Assert.Equal([(18, 0, 5)], response.ApiKeys.Select(api => ((int)api.ApiKey, (int)api.MinVersion, (int)api.MaxVersion)));
        await client.AskAsync(new ApiVersionsRequest(), 0);
    });

    [Theory]
    [InlineData("", ErrorCode.InvalidRequest)]
    [InlineData("a b", ErrorCode.InvalidRequest)]
    [InlineData("-a", ErrorCode.InvalidRequest)]
    [InlineData("bad name!", ErrorCode.InvalidRequest)]
    [InlineData("a.b-c", ErrorCode.None)]
    public void A_malformed_software_name_is_refused(string name, ErrorCode expected) => NodeWorld.Run(async world =>
    {
        RawClient client = await world.ConnectAsync();
        ApiVersionsResponse response = await client.AskAsync(new ApiVersionsRequest { ClientSoftwareName = name, ClientSoftwareVersion = "1.0" }, 3);
        Assert.Equal(expected, (ErrorCode)response.ErrorCode);
        Assert.Equal(expected != ErrorCode.None, response.ApiKeys.Count == 0);
    });

    [Theory]
    [InlineData(null, -1, ErrorCode.None)]
    [InlineData("right", 1, ErrorCode.None)]
    [InlineData("right", 2, ErrorCode.RebootstrapRequired)]
    [InlineData("wrong", 1, ErrorCode.RebootstrapRequired)]
    [InlineData("wrong", -1, ErrorCode.InvalidRequest)]
    [InlineData(null, 1, ErrorCode.InvalidRequest)]
    [InlineData("", -1, ErrorCode.InvalidRequest)]
    [InlineData("", 1, ErrorCode.RebootstrapRequired)]
    [InlineData(null, -2, ErrorCode.InvalidRequest)]
    public void Version_5_compares_cluster_and_node(string? cluster, int node, ErrorCode expected) => NodeWorld.Run(async world =>
    {
        RawClient client = await world.ConnectAsync();
        var request = new ApiVersionsRequest
        {
            ClientSoftwareName = "a",
            ClientSoftwareVersion = "1",
            ClusterId = cluster == "right" ? world.Node.ClusterId : cluster,
            NodeId = node,
        };
        Assert.Equal(expected, (ErrorCode)(await client.AskAsync(request, 5)).ErrorCode);
    });

    [Fact]
    public void Features_with_minimum_0_are_left_out_before_version_4() => NodeWorld.Run(async world =>
    {
        RawClient client = await world.ConnectAsync();
        var request = new ApiVersionsRequest { ClientSoftwareName = "a", ClientSoftwareVersion = "1" };
        Assert.Equal(["metadata.version"], (await client.AskAsync(request, 3)).SupportedFeatures.Select(feature => feature.Name));
        ApiVersionsResponse later = await client.AskAsync(request, 4);
        Assert.Equal(7, later.SupportedFeatures.Count);
        Assert.Equal(
            [("eligible.leader.replicas.version", 1), ("group.version", 1), ("kraft.version", 1), ("metadata.version", 33), ("share.version", 2), ("streams.version", 1), ("transaction.version", 2)],
            later.FinalizedFeatures.Select(feature => (feature.Name, (int)feature.MaxVersionLevel)).Order());
        Assert.True(later.FinalizedFeaturesEpoch > 0);
    });

    [Fact]
    public void Every_api_that_is_served_is_advertised_as_a_live_Kafka_node_does()
    {
        string facts = Facts.Require("api-keys.json");
        NodeWorld.Run(world => CompareAsync(world, facts, 9092, Listeners.Both, "advertisedBroker"));
    }

    [Fact]
    public void A_listener_for_controllers_advertises_what_nodes_ask_each_other()
    {
        string facts = Facts.Require("api-keys.json");
        NodeWorld.Run(
            world => CompareAsync(world, facts, 9093, Listeners.Controller, "advertisedController"),
            ("process.roles", "broker,controller"), ("listeners", "PLAINTEXT://node:9092,CONTROLLER://node:9093"), ("controller.listener.names", "CONTROLLER"));
    }

    private static async Task CompareAsync(NodeWorld world, string facts, int port, Listeners listener, string advertisedBy)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(facts));
        var kafka = json.RootElement.GetProperty("keys").EnumerateArray().ToDictionary(key => key.GetProperty("id").GetInt16());
        RawClient client = await world.ConnectAsync(port);
        ApiVersionsResponse response = await client.AskAsync(new ApiVersionsRequest(), 0);
        Assert.NotEmpty(response.ApiKeys);
        Assert.Equal(
            HandlerSet.Create(world.Node.Services).All.Where(handler => handler.IsServedOn(listener)).Select(handler => (short)handler.Key), response.ApiKeys.Select(api => api.ApiKey));
        Assert.Equal(response.ApiKeys.Select(api => api.ApiKey).Order(), response.ApiKeys.Select(api => api.ApiKey));
        foreach (ApiVersionsResponse.ApiVersion api in response.ApiKeys)
        {
            JsonElement advertised = kafka[api.ApiKey].GetProperty(advertisedBy);
            Assert.Equal((api.ApiKey, advertised[0].GetInt16(), advertised[1].GetInt16()), (api.ApiKey, api.MinVersion, api.MaxVersion));
        }
    }
}
