using Moldau.Metadata.Control;
using Moldau.Metadata.Features;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Tests.Control;

public sealed class FeatureTests
{
    private const sbyte Upgrade = 1, SafeDowngrade = 2, UnsafeDowngrade = 3;

    private TestCluster cluster = new TestCluster(20, new Dictionary<string, short>()).With(1);

    private (ErrorCode Error, string? Message) Update(params (string Name, short Level, sbyte Type)[] updates)
    {
        var request = new UpdateFeaturesRequest { FeatureUpdates = [.. updates.Select(u => new UpdateFeaturesRequest.FeatureUpdateKey { Feature = u.Name, MaxVersionLevel = u.Level, UpgradeType = u.Type })] };
        UpdateFeaturesResponse response = cluster.Run(cluster.Controller.UpdateFeatures(cluster.Context(2), request));
        return ((ErrorCode)response.ErrorCode, response.ErrorMessage);
    }

    private void Refused(string why, params (string, short, sbyte)[] updates)
    {
        Assert.Equal((ErrorCode.InvalidUpdateVersion, $"The update failed for all features since the following feature had an error: {why}"), Update(updates));
        Assert.Empty(cluster.Log);
    }

    [Fact]
    public void Refuses_levels_that_nobody_supports()
    {
        Refused("Invalid update version 1 for feature foo. Local controller 100 does not support this feature.", ("foo", 1, Upgrade));
        Refused("Invalid update version 34 for feature metadata.version. Local controller 100 only supports versions 7-33", ("metadata.version", 34, Upgrade));
        Refused("Invalid update version -1 for feature group.version. A feature version cannot be less than 0.", ("group.version", -1, Upgrade));
        Refused("Invalid update version 1 for feature group.version. The controller does not support the given upgrade type.", ("group.version", 1, 9));
    }

    [Fact]
    public void Refuses_a_level_that_a_broker_or_a_missing_controller_does_not_support()
    {
        BrokerRegistrationRequest old = cluster.Registration(2);
        old.Features.Single(f => f.Name == "metadata.version").MaxSupportedVersion = 25;
        cluster.Run(cluster.Controller.RegisterBroker(cluster.Context(4), old));
        cluster.Log.Clear();
        Refused("Invalid update version 26 for feature metadata.version. Broker 2 only supports versions 7-25", ("metadata.version", 26, Upgrade));

        cluster = new TestCluster(20, configure: o => o with { QuorumNodeIds = [100, 101] });
        Refused("Invalid update version 21 for feature metadata.version. controller 101 has not registered, and may not support this feature", ("metadata.version", 21, Upgrade));
    }

    [Fact]
    public void Refuses_a_downgrade_that_is_not_meant_or_not_safe()
    {
        Refused(
            "Invalid update version 19 for feature metadata.version. Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade.",
            ("metadata.version", 19, Upgrade));
        Refused("Invalid update version 21 for feature metadata.version. Can't downgrade to a newer version.", ("metadata.version", 21, SafeDowngrade));
        Refused(
            "Unsupported metadata.version downgrade from 20 to 16. Refusing to perform the requested downgrade because it might delete metadata information.",
            ("metadata.version", 16, SafeDowngrade));
        Refused(
            "Unsupported metadata.version downgrade from 20 to 16. Unsafe metadata downgrade is not supported in this version.",
            ("metadata.version", 16, UnsafeDowngrade));
        Assert.Equal((ErrorCode.None, null), Update(("metadata.version", 17, SafeDowngrade)));
    }

    [Fact]
    public void Elr_needs_the_records_that_carry_it()
    {
        Refused(
            "Invalid update version 1 for feature eligible.leader.replicas.version. eligible.leader.replicas.version could not be set to level 1 because it depends on metadata.version level 23",
            ("eligible.leader.replicas.version", 1, Upgrade));
        Assert.Equal((ErrorCode.None, null), Update(("eligible.leader.replicas.version", 1, Upgrade), ("metadata.version", 33, Upgrade)));
    }

    [Fact]
    public void Switching_elr_on_makes_min_isr_the_clusters()
    {
        cluster.Run(cluster.Controller.AlterConfigs([new ResourceChanges(ConfigResource.Broker(1), [new ConfigChange("min.insync.replicas", ConfigOperation.Set, "2")])], false));
        Update(("metadata.version", 33, Upgrade));
        cluster.Log.Clear();
        Update(("eligible.leader.replicas.version", 1, Upgrade));
        Assert.Equal(
            [
                """Config v0 {"resourceType":4,"resourceName":"","name":"min.insync.replicas","value":"1"}""",
                """Config v0 {"resourceType":4,"resourceName":"1","name":"min.insync.replicas","value":null}""",
                """FeatureLevel v0 {"name":"eligible.leader.replicas.version","featureLevel":1}""",
            ],
            cluster.Lines());
    }

    [Fact]
    public void All_features_move_or_none()
    {
        Assert.Equal(ErrorCode.InvalidUpdateVersion, Update(("group.version", 1, Upgrade), ("zzz", 1, Upgrade)).Error);
        Assert.Empty(cluster.Log);
    }

    [Fact]
    public void The_quorums_version_can_only_be_confirmed()
    {
        Assert.Equal((ErrorCode.None, null), Update(("kraft.version", 1, Upgrade)));
        Assert.Equal(["NoOp v0 {}"], cluster.Lines());
        cluster.Log.Clear();
        Refused("Invalid update version 0 for feature kraft.version. Can't downgrade the version of this feature.", ("kraft.version", 0, SafeDowngrade));
    }

    [Fact]
    public void Old_versions_answer_for_each_feature()
    {
        var request = new UpdateFeaturesRequest { FeatureUpdates = [new() { Feature = "group.version", MaxVersionLevel = 1, UpgradeType = Upgrade }] };
        Assert.Equal("group.version", Assert.Single(cluster.Run(cluster.Controller.UpdateFeatures(cluster.Context(1), request)).Results).Feature);
        Assert.Equal(1, cluster.Published.Features.Level("group.version"));
    }

    [Fact]
    public void Only_validates_when_asked_to()
    {
        var request = new UpdateFeaturesRequest { ValidateOnly = true, FeatureUpdates = [new() { Feature = "group.version", MaxVersionLevel = 1, UpgradeType = Upgrade }] };
        Assert.Equal(0, cluster.Run(cluster.Controller.UpdateFeatures(cluster.Context(2), request)).ErrorCode);
        Assert.Empty(cluster.Log);
    }

    [Fact]
    public void A_feature_at_level_zero_is_gone()
    {
        Update(("group.version", 1, Upgrade));
        Update(("group.version", 0, SafeDowngrade));
        Assert.DoesNotContain("group.version", cluster.Published.Features.Finalized.Keys);
    }

    [Fact]
    public void The_table_of_levels_has_no_gaps()
    {
        Assert.Equal(Enumerable.Range(7, 27), MetadataVersions.All.Select(v => (int)v.Level));
        Assert.Equal("4.4-IV2", MetadataVersion.Latest.Name);
        Assert.True(MetadataVersion.TryParse("4.0", out MetadataVersion four));
        Assert.Equal(25, four.Level);
        Assert.False(MetadataVersion.TryParse("9.9", out _));
    }
}
