using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Control;

/// <summary>The requests that change configurations.</summary>
internal sealed class AlterConfigsControl(ControllerState state, ConfigControl configs)
{
    /// <summary>IncrementalAlterConfigs (key 44): set, delete, append or subtract single keys; a resource changes as a whole or not at all.</summary>
    /// <remarks>Errors, by resource: INVALID_CONFIG, INVALID_REQUEST, UNKNOWN_TOPIC_OR_PARTITION, BROKER_ID_NOT_REGISTERED, UNSUPPORTED_VERSION (unknown type).</remarks>
    internal ControllerResult<IncrementalAlterConfigsResponse> IncrementalAlter(IncrementalAlterConfigsRequest request)
    {
        var records = new List<MetadataRecord>();
        var response = new IncrementalAlterConfigsResponse();
        var duplicates = Duplicates(request.Resources.Select(r => (r.ResourceType, r.ResourceName)));
        var reported = new HashSet<(sbyte, string)>();
        foreach (IncrementalAlterConfigsRequest.AlterConfigsResource entry in request.Resources)
        {
            ApiError error;
            if (duplicates.Contains((entry.ResourceType, entry.ResourceName)))
            {
                if (!reported.Add((entry.ResourceType, entry.ResourceName))) continue;
                error = new ApiError(ErrorCode.InvalidRequest, "Duplicate resource.");
            }
            else
            {
                error = CheckType(entry.ResourceType);
                if (!error.IsFailure) error = configs.Alter(Resource(entry), [.. entry.Configs.Select(c => new ConfigChange(c.Name, (ConfigOperation)c.ConfigOperation, c.Value))], false, records);
            }

            response.Responses.Add(new IncrementalAlterConfigsResponse.AlterConfigsResourceResponse
            {
                ResourceType = entry.ResourceType,
                ResourceName = entry.ResourceName,
                ErrorCode = (short)error.Code,
                ErrorMessage = error.Message,
            });
        }

        AddClearElr(records);
        return new ControllerResult<IncrementalAlterConfigsResponse>(request.ValidateOnly ? [] : records, response, true);
    }

    /// <summary>AlterConfigs (key 33): replaces everything that is set on a resource.</summary>
    internal ControllerResult<AlterConfigsResponse> LegacyAlter(AlterConfigsRequest request)
    {
        var records = new List<MetadataRecord>();
        var response = new AlterConfigsResponse();
        var duplicates = Duplicates(request.Resources.Select(r => (r.ResourceType, r.ResourceName)));
        var reported = new HashSet<(sbyte, string)>();
        foreach (AlterConfigsRequest.AlterConfigsResource entry in request.Resources)
        {
            ApiError error;
            if (duplicates.Contains((entry.ResourceType, entry.ResourceName)))
            {
                if (!reported.Add((entry.ResourceType, entry.ResourceName))) continue;
                error = new ApiError(ErrorCode.InvalidRequest, "Duplicate resource.");
            }
            else
            {
                error = CheckType(entry.ResourceType);
                var resource = new ConfigResource((ConfigResourceType)entry.ResourceType, entry.ResourceName);
                if (!error.IsFailure) error = configs.Replace(resource, [.. entry.Configs.Select(c => new ConfigChange(c.Name, ConfigOperation.Set, c.Value))], records);
            }

            response.Responses.Add(new AlterConfigsResponse.AlterConfigsResourceResponse
            {
                ResourceType = entry.ResourceType,
                ResourceName = entry.ResourceName,
                ErrorCode = (short)error.Code,
                ErrorMessage = error.Message,
            });
        }

        AddClearElr(records);
        return new ControllerResult<AlterConfigsResponse>(request.ValidateOnly ? [] : records, response, true);
    }

    private static ConfigResource Resource(IncrementalAlterConfigsRequest.AlterConfigsResource entry) => new((ConfigResourceType)entry.ResourceType, entry.ResourceName);

    private static HashSet<(sbyte, string)> Duplicates(IEnumerable<(sbyte, string)> resources)
    {
        var seen = new HashSet<(sbyte, string)>();
        return [.. resources.Where(resource => !seen.Add(resource))];
    }

    private static ApiError CheckType(sbyte type) => (ConfigResourceType)type is ConfigResourceType.Topic or ConfigResourceType.Broker or ConfigResourceType.BrokerLogger or ConfigResourceType.ClientMetrics or ConfigResourceType.Group
        ? ApiError.None
        : new ApiError(ErrorCode.UnsupportedVersion, $"Unknown resource type {type}.");

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
