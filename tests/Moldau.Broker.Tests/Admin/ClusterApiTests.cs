using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Tests.Admin;

/// <summary>UpdateFeatures, UnregisterBroker, UnregisterController and ListConfigResources.</summary>
public sealed class ClusterApiTests
{
    private const sbyte Topic = 2, Broker = 4, Logger = 8, ClientMetrics = 16, Group = 32, Set = 0, Delete = 1;
    private const sbyte Upgrade = 1, SafeDowngrade = 2;

    [Theory]
    [InlineData("no.such.version", 1, Upgrade)]
    [InlineData("group.version", 2, Upgrade)]
    [InlineData("group.version", 0, Upgrade)]
    [InlineData("share.version", -1, SafeDowngrade)]
    [InlineData("metadata.version", 1, SafeDowngrade)]
    public void A_level_that_cannot_be_is_refused(string feature, short level, sbyte type) => AdminScenario.Play(async admin =>
    {
        UpdateFeaturesResponse response = await UpdateAsync(admin, 2, false, (feature, level, type));
        Assert.Equal(ErrorCode.InvalidUpdateVersion, (ErrorCode)response.ErrorCode);
        Assert.StartsWith("The update failed for all features since the following feature had an error: ", response.ErrorMessage, StringComparison.Ordinal);
    });

    [Fact]
    public void No_feature_moves_when_one_may_not() => AdminScenario.Play(async admin =>
    {
        Assert.NotEqual(0, (await UpdateAsync(admin, 2, false, ("group.version", 0, SafeDowngrade), ("share.version", 9, Upgrade))).ErrorCode);
        Assert.Equal(1, await LevelAsync(admin, "group.version"));
    });

    [Fact]
    public void Validation_alone_moves_nothing() => AdminScenario.Play(async admin =>
    {
        Assert.Equal(0, (await UpdateAsync(admin, 1, true, ("group.version", 0, SafeDowngrade))).ErrorCode);
        Assert.Equal(1, await LevelAsync(admin, "group.version"));
    });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_feature_goes_down_and_up_again_and_ApiVersions_follows(short version) => AdminScenario.Play(async admin =>
    {
        long epoch = await EpochAsync(admin);
        UpdateFeaturesResponse down = await UpdateAsync(admin, version, false, ("group.version", 0, SafeDowngrade));
        Assert.Equal(0, down.ErrorCode);
        Assert.Equal(version < 2 ? ["group.version"] : [], down.Results.Select(result => result.Feature));
        Assert.Equal(0, await LevelAsync(admin, "group.version"));
        Assert.True(await EpochAsync(admin) > epoch);
        Assert.Equal(0, (await UpdateAsync(admin, version, false, ("group.version", 1, Upgrade))).ErrorCode);
        Assert.Equal(1, await LevelAsync(admin, "group.version"));
    });

    [Fact]
    public void A_level_survives_a_restart() => AdminScenario.Play(async admin =>
    {
        Assert.Equal(0, (await UpdateAsync(admin, 2, false, ("share.version", 0, SafeDowngrade))).ErrorCode);
        await admin.World.StopNodeAsync();
        await admin.World.StartNodeAsync();
        Assert.Equal(0, await LevelAsync(new AdminScenario(admin.World, await admin.World.ConnectAsync()), "share.version"));
    });

    [Fact]
    public void Who_is_not_registered_cannot_be_taken_out() => AdminScenario.Play(async admin =>
    {
        UnregisterBrokerResponse broker = await admin.Node.AskAsync(new UnregisterBrokerRequest { BrokerId = 9 }, 0);
        Assert.Equal((ErrorCode.BrokerIdNotRegistered, "Broker ID 9 is not currently registered"), ((ErrorCode)broker.ErrorCode, broker.ErrorMessage));
        UnregisterControllerResponse controller = await admin.Node.AskAsync(new UnregisterControllerRequest { ControllerId = 9 }, 0);
        Assert.Equal(ErrorCode.ControllerIdNotRegistered, (ErrorCode)controller.ErrorCode);
    });

    [Fact]
    public void A_type_of_resource_that_does_not_exist_is_refused() => AdminScenario.Play(async admin =>
    {
        ListConfigResourcesResponse response = await admin.Node.AskAsync(new ListConfigResourcesRequest { ResourceTypes = [Topic, 3] }, 1);
        Assert.Equal(ErrorCode.UnsupportedVersion, (ErrorCode)response.ErrorCode);
        Assert.Empty(response.ConfigResources);
    });

    [Fact]
    public void What_has_a_configuration_is_listed_by_type() => AdminScenario.Play(async admin =>
    {
        await admin.CreateAsync("t");
        await admin.AlterAsync(Group, "g", ("consumer.session.timeout.ms", Set, "50000"));
        await admin.AlterAsync(ClientMetrics, "m", ("interval.ms", Set, "1000"));
        await admin.AlterAsync(ClientMetrics, "gone", ("interval.ms", Set, "1000"));
        await admin.AlterAsync(ClientMetrics, "gone", ("interval.ms", Delete, null));
        async Task<IEnumerable<(sbyte, string)>> List(short version, params sbyte[] types) =>
            (await admin.Node.AskAsync(new ListConfigResourcesRequest { ResourceTypes = [.. types] }, version)).ConfigResources.Select(resource => (resource.ResourceType, resource.ResourceName));
        Assert.Equal([(ClientMetrics, "m")], await List(0));
        Assert.Equal([(Topic, "t"), (Broker, "1"), (Logger, "1"), (ClientMetrics, "m"), (Group, "g")], await List(1));
        Assert.Equal([(Group, "g"), (Topic, "t")], await List(1, Group, Topic, Group));
    });

    private static async Task<UpdateFeaturesResponse> UpdateAsync(AdminScenario admin, short version, bool validateOnly, params (string Feature, short Level, sbyte Type)[] updates)
    {
        var request = new UpdateFeaturesRequest { ValidateOnly = validateOnly };
        foreach ((string feature, short level, sbyte type) in updates)
        {
            UpdateFeaturesRequest.FeatureUpdateKey update = request.FeatureUpdates.Add();
            update.Feature = feature;
            update.MaxVersionLevel = level;
            if (version == 0) update.AllowDowngrade = type != Upgrade;
            else update.UpgradeType = type;
        }

        return await admin.Node.AskAsync(request, version);
    }

    private static async Task<int> LevelAsync(AdminScenario admin, string feature) =>
        (await VersionsAsync(admin)).FinalizedFeatures.FirstOrDefault(finalized => finalized.Name == feature)?.MaxVersionLevel ?? 0;

    private static async Task<long> EpochAsync(AdminScenario admin) => (await VersionsAsync(admin)).FinalizedFeaturesEpoch;

    private static async Task<ApiVersionsResponse> VersionsAsync(AdminScenario admin) =>
        await admin.Node.AskAsync(new ApiVersionsRequest { ClientSoftwareName = "a", ClientSoftwareVersion = "1" }, 4);
}
