using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Control;

/// <summary>Changes of configurations by request: some keys of a resource, or everything that is set on it.</summary>
internal sealed class AlterConfigsControl(ControllerState state, ConfigControl configs)
{
    /// <summary>IncrementalAlterConfigs (key 44): sets, deletes, appends to or takes from single keys; a resource changes as a whole or not at all.</summary>
    /// <remarks>Errors, in the order of the resources: INVALID_CONFIG, INVALID_REQUEST, UNKNOWN_TOPIC_OR_PARTITION, BROKER_ID_NOT_REGISTERED, UNSUPPORTED_VERSION (unknown type).</remarks>
    /// <param name="asked">What is asked; each resource once.</param>
    /// <param name="validateOnly">Whether only to say what would come of it.</param>
    internal ControllerResult<IReadOnlyList<ApiError>> Alter(IReadOnlyList<ResourceChanges> asked, bool validateOnly) =>
        ForEach(asked, validateOnly, (one, records) => configs.Alter(one.Resource, one.Changes, false, records));

    /// <summary>AlterConfigs (key 33): replaces everything that is set on a resource by what is given.</summary>
    /// <remarks>Errors as those of <see cref="Alter"/>.</remarks>
    /// <param name="asked">What is asked; each resource once, each change <see cref="ConfigOperation.Set"/>.</param>
    /// <param name="validateOnly">Whether only to say what would come of it.</param>
    internal ControllerResult<IReadOnlyList<ApiError>> Replace(IReadOnlyList<ResourceChanges> asked, bool validateOnly) =>
        ForEach(asked, validateOnly, (one, records) => configs.Replace(one.Resource, one.Changes, records));

    private ControllerResult<IReadOnlyList<ApiError>> ForEach(IReadOnlyList<ResourceChanges> asked, bool validateOnly, Func<ResourceChanges, List<MetadataRecord>, ApiError> change)
    {
        var seen = new HashSet<ConfigResource>();
        var records = new List<MetadataRecord>();
        var errors = new List<ApiError>(asked.Count);
        foreach (ResourceChanges one in asked)
        {
            Invariant.That(seen.Add(one.Resource));
            ApiError error = CheckType(one.Resource.Type);
            errors.Add(error.IsFailure ? error : change(one, records));
        }

        AddClearElr(records);
        return new ControllerResult<IReadOnlyList<ApiError>>(validateOnly ? [] : records, errors, true);
    }

    private static ApiError CheckType(ConfigResourceType type) =>
        type is ConfigResourceType.Topic or ConfigResourceType.Broker or ConfigResourceType.BrokerLogger or ConfigResourceType.ClientMetrics or ConfigResourceType.Group
            ? ApiError.None
            : new ApiError(ErrorCode.UnsupportedVersion, $"Unknown resource type {(sbyte)type}.");

    /// <summary>ELR members were eligible under the old min.insync.replicas; under a new one nobody knows.</summary>
    private void AddClearElr(List<MetadataRecord> records)
    {
        if (!state.ElrEnabled) return;
        var clears = new List<MetadataRecord>();
        foreach (MetadataRecord record in records)
        {
            if (record.Message is not ConfigRecord { Name: ConfigControl.MinInsyncReplicas } config) continue;
            string topic = (ConfigResourceType)config.ResourceType == ConfigResourceType.Topic ? config.ResourceName : "";
            clears.Add(new MetadataRecord(new ClearElrRecord { TopicName = topic }, 0));
        }

        records.AddRange(clears);
    }
}
