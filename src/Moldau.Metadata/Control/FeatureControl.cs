using System.Collections.Immutable;
using Moldau.Metadata.Features;
using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Control;

/// <summary>Feature levels of the cluster (KIP-584, KIP-778, KIP-1022).</summary>
internal sealed class FeatureControl(ControllerOptions options, ControllerState state, ConfigControl configs)
{
    private const sbyte Upgrade = 1, SafeDowngrade = 2, UnsafeDowngrade = 3;

    /// <summary>The quorum's own version, which raft keeps in control records.</summary>
    internal short KRaftVersion { get; set; } = 1;

    /// <summary>UpdateFeatures (key 57): moves finalized feature levels; all of them or none.</summary>
    /// <remarks>Errors: INVALID_UPDATE_VERSION for every reason, with the reason in words.</remarks>
    internal ControllerResult<UpdateFeaturesResponse> Update(ControllerContext context, UpdateFeaturesRequest request)
    {
        var records = new List<MetadataRecord>();
        var updates = new SortedDictionary<string, UpdateFeaturesRequest.FeatureUpdateKey>(StringComparer.Ordinal);
        foreach (UpdateFeaturesRequest.FeatureUpdateKey update in request.FeatureUpdates) updates[update.Feature] = update;
        foreach (UpdateFeaturesRequest.FeatureUpdateKey update in updates.Values)
        {
            sbyte type = context.ApiVersion == 0 && update.AllowDowngrade ? SafeDowngrade : update.UpgradeType;
            ApiError error = Update(update.Feature, update.MaxVersionLevel, type, updates, records);
            if (!error.IsFailure) continue;
            return ControllerResult<UpdateFeaturesResponse>.Of(new UpdateFeaturesResponse
            {
                ErrorCode = (short)error.Code,
                ErrorMessage = $"The update failed for all features since the following feature had an error: {error.Message}",
            });
        }

        var response = new UpdateFeaturesResponse { ErrorMessage = null };
        if (context.ApiVersion <= 1)
        {
            // The message is the name of no error, as in Kafka.
            foreach (string feature in updates.Keys) response.Results.Add(new UpdateFeaturesResponse.UpdatableFeatureResult { Feature = feature, ErrorMessage = ErrorCode.None.KafkaName() });
        }

        if (updates.TryGetValue(FeatureCatalog.ElrVersion, out var elr) && elr.MaxVersionLevel > 0) records.InsertRange(0, configs.ElrSafetyRecords());
        return new ControllerResult<UpdateFeaturesResponse>(request.ValidateOnly ? [] : records, response, true);
    }

    private ApiError Update(string feature, short level, sbyte type, SortedDictionary<string, UpdateFeaturesRequest.FeatureUpdateKey> updates, List<MetadataRecord> records)
    {
        if (type is < Upgrade or > UnsafeDowngrade) return Invalid(feature, level, "The controller does not support the given upgrade type.");
        if (level < 0) return Invalid(feature, level, "A feature version cannot be less than 0.");
        if (ReasonNotSupported(feature, level) is { } reason) return Invalid(feature, level, reason);
        short current = Current(feature);
        if (level < current && type == Upgrade)
        {
            return Invalid(feature, level, "Can't downgrade the version of this feature without setting the upgrade type to either safe or unsafe downgrade.");
        }

        if (level > current && type != Upgrade) return Invalid(feature, level, "Can't downgrade to a newer version.");
        if (feature == MetadataVersion.FeatureName) return UpdateMetadataVersion(level, type == UnsafeDowngrade, records);
        if (feature == FeatureCatalog.KRaftVersion) return UpdateKRaftVersion(level, records);

        if (FeatureCatalog.Find(feature) is not { } known) return Invalid(feature, level, $"Feature {feature} not found.");
        short required = level > 0 ? known.RequiredMetadataVersion : (short)0;
        short proposed = updates.TryGetValue(MetadataVersion.FeatureName, out var update) ? update.MaxVersionLevel : state.MetadataVersion.Level;
        if (proposed < required)
        {
            return Invalid(feature, level, $"{feature} could not be set to level {level} because it depends on {MetadataVersion.FeatureName} level {required}");
        }

        records.Add(new MetadataRecord(new FeatureLevelRecord { Name = feature, FeatureLevel = level }, 0));
        return ApiError.None;
    }

    private ApiError UpdateMetadataVersion(short level, bool allowUnsafe, List<MetadataRecord> records)
    {
        MetadataVersion current = state.MetadataVersion, next = new(level);
        if (level < current.Level && MetadataVersions.MetadataChangesBetween(current, next))
        {
            string why = allowUnsafe
                ? "Unsafe metadata downgrade is not supported in this version."
                : "Refusing to perform the requested downgrade because it might delete metadata information.";
            return new ApiError(ErrorCode.InvalidUpdateVersion, $"Unsupported metadata.version downgrade from {current.Level} to {next.Level}. {why}");
        }

        records.Add(new MetadataRecord(new FeatureLevelRecord { Name = MetadataVersion.FeatureName, FeatureLevel = level }, 0));
        return ApiError.None;
    }

    private ApiError UpdateKRaftVersion(short level, List<MetadataRecord> records)
    {
        if (level < KRaftVersion) return Invalid(FeatureCatalog.KRaftVersion, level, "Can't downgrade the version of this feature.");
        if (level > KRaftVersion) return Invalid(FeatureCatalog.KRaftVersion, level, "This controller cannot upgrade the version of the quorum while it runs.");

        // Something must be committed for the answer to mean that this controller is still the active one.
        records.Add(new MetadataRecord(new NoOpRecord(), 0));
        return ApiError.None;
    }

    private short Current(string feature) => feature switch
    {
        MetadataVersion.FeatureName => state.MetadataVersion.Level,
        FeatureCatalog.KRaftVersion => KRaftVersion,
        _ => state.Image.Features.Level(feature),
    };

    private string? ReasonNotSupported(string feature, short level)
    {
        string? reason = Reason($"Local controller {options.NodeId}", FeatureCatalog.Supported.GetValueOrDefault(feature, LevelRange.Disabled), level);
        if (reason is not null) return reason;
        foreach (BrokerRegistration broker in state.Cluster.Brokers.Values)
        {
            reason = Reason($"Broker {broker.Id}", broker.SupportedFeatures.GetValueOrDefault(feature, LevelRange.Disabled), level);
            if (reason is not null) return reason;
        }

        if (!state.MetadataVersion.SupportsControllerRegistration) return null;
        ImmutableSortedDictionary<int, ControllerRegistration> controllers = state.Cluster.Controllers;
        foreach (ControllerRegistration controller in controllers.Values)
        {
            if (controller.Id == options.NodeId) continue;
            reason = Reason($"Controller {controller.Id}", controller.SupportedFeatures.GetValueOrDefault(feature, LevelRange.Disabled), level);
            if (reason is not null) return reason;
        }

        foreach (int id in options.QuorumNodeIds)
        {
            if (id != options.NodeId && !controllers.ContainsKey(id)) return $"controller {id} has not registered, and may not support this feature";
        }

        return null;
    }

    private static string? Reason(string who, LevelRange range, short level)
    {
        if (range.Contains(level)) return null;
        return range.Max == 0 ? $"{who} does not support this feature." : $"{who} only supports versions {range}";
    }

    private static ApiError Invalid(string feature, short level, string why) =>
        new(ErrorCode.InvalidUpdateVersion, $"Invalid update version {level} for feature {feature}. {why}");
}
