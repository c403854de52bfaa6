using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Admin;

/// <summary>Which way a feature may move; the numbers are Kafka's.</summary>
public enum FeatureMove : sbyte
{
    /// <summary>Up.</summary>
    Upgrade = 1,

    /// <summary>Down, where no metadata is lost by it.</summary>
    SafeDowngrade = 2,

    /// <summary>Down, even where metadata is lost.</summary>
    UnsafeDowngrade = 3,
}

/// <summary>A feature's new level.</summary>
/// <param name="Name">The feature.</param>
/// <param name="Level">The level; 0 switches it off.</param>
/// <param name="Move">Which way it may move.</param>
public sealed record FeatureUpdate(string Name, short Level, FeatureMove Move);

/// <summary>Feature levels of the cluster (KIP-584). See <see cref="AdminClient"/>; <see cref="ClusterAdmin.VersionsAsync"/> shows them.</summary>
public sealed class FeatureAdmin
{
    private readonly AdminRequests requests;

    internal FeatureAdmin(AdminRequests requests) => this.requests = requests;

    /// <summary>Moves features (UpdateFeatures), all of them or none.</summary>
    /// <param name="updates">What is to move.</param>
    /// <param name="validateOnly">Only say whether it could be done.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="KafkaException">A feature cannot move so; its message names it.</exception>
    public async Task UpdateAsync(IReadOnlyCollection<FeatureUpdate> updates, bool validateOnly = false, CancellationToken cancellation = default)
    {
        UpdateFeaturesResponse response = await requests.AnyAsync(
            "feature levels", ApiKey.UpdateFeatures, version => Request(version, updates, validateOnly), static response => AdminRequests.Retriable(response.ErrorCode), cancellation);
        if (response.ErrorCode != 0) throw KafkaException.Of((ErrorCode)response.ErrorCode, "feature levels", response.ErrorMessage);
    }

    private UpdateFeaturesRequest Request(short version, IReadOnlyCollection<FeatureUpdate> updates, bool validateOnly)
    {
        if (version == 0 && validateOnly) throw new KafkaException(ErrorCode.UnsupportedVersion, "this broker cannot check feature levels without changing them");
        var request = new UpdateFeaturesRequest { TimeoutMs = requests.TimeoutMs, ValidateOnly = validateOnly };
        foreach (FeatureUpdate update in updates)
        {
            UpdateFeaturesRequest.FeatureUpdateKey entry = request.FeatureUpdates.Add();
            entry.Feature = update.Name;
            entry.MaxVersionLevel = update.Level;
            if (version == 0) entry.AllowDowngrade = update.Move != FeatureMove.Upgrade;
            else entry.UpgradeType = (sbyte)update.Move;
        }

        return request;
    }
}
