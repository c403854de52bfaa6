using Moldau.Broker.Configuration;
using Moldau.Broker.Handlers;
using Moldau.Metadata;
using Moldau.Metadata.Control;
using Moldau.Protocol;

namespace Moldau.Broker.Admin;

/// <summary>
/// What IncrementalAlterConfigs and AlterConfigs have in common: malformed resources, resources of another broker and levels of loggers are this node's to answer, everything
/// else goes to the controller in one piece.
/// </summary>
internal sealed class ConfigAlterations(ControllerWrites writes, int nodeId, NodeLogger logger)
{
    /// <summary>Changes configurations; an error for each resource, in their order. Levels of loggers change here, and are forgotten by a restart (KIP-412).</summary>
    /// <param name="asked">What is asked, as it came.</param>
    /// <param name="replaces">Whether everything that is set on a resource is replaced (AlterConfigs); that API does not know loggers.</param>
    /// <param name="validateOnly">Whether only to say what would come of it.</param>
    /// <param name="listener">Where the request came in: a listener for controllers alone leaves brokers to the controller.</param>
    /// <param name="version">The request's version.</param>
    public async ValueTask<IReadOnlyList<ApiError>> RunAsync(IReadOnlyList<ResourceChanges> asked, bool replaces, bool validateOnly, Listeners listener, short version)
    {
        HashSet<ConfigResource> seen = [], twice = [.. asked.Select(one => one.Resource).Where(resource => !seen.Add(resource))];
        var errors = new ApiError[asked.Count];
        var rest = new List<int>();
        for (int i = 0; i < asked.Count; i++)
        {
            ApiError? error = twice.Contains(asked[i].Resource) ? Invalid("Each resource must appear at most once.") : Check(asked[i], !replaces, listener);
            if (error is { } known) errors[i] = known;
            else rest.Add(i);
            if (error is { IsFailure: false } && !validateOnly) SetLevels(asked[i]);
        }

        if (rest.Count == 0) return errors;
        ResourceChanges[] controllers = [.. rest.Select(i => asked[i])];
        (ErrorCode failure, IReadOnlyList<ApiError>? answers) = await writes.RunAsync(
            (core, _) => replaces ? core.ReplaceConfigs(controllers, validateOnly) : core.AlterConfigs(controllers, validateOnly), version, null);
        for (int i = 0; i < rest.Count; i++) errors[rest[i]] = answers is null ? new ApiError(failure) : answers[i];
        return errors;
    }

    // Null: the controller's to answer. No error: a logger's levels, which are in order.
    private ApiError? Check(ResourceChanges asked, bool knowsLoggers, Listeners listener)
    {
        if (asked.Changes.DistinctBy(change => change.Name).Count() < asked.Changes.Length) return Invalid("Error due to duplicate config keys");
        string[] nulls = [.. asked.Changes.Where(change => change.Operation != ConfigOperation.Delete && change.Value is null).Select(change => change.Name)];
        if (nulls.Length > 0) return Invalid($"Null value not supported for : {string.Join(", ", nulls)}");
        ConfigResource resource = asked.Resource;
        return resource.Type switch
        {
            ConfigResourceType.Broker when resource.Name.Length > 0 && (listener & Listeners.Broker) != 0 => CheckNode(resource.Name, "broker"),
            ConfigResourceType.BrokerLogger when knowsLoggers => CheckNode(resource.Name, "node") ?? CheckLevels(asked),
            ConfigResourceType.Broker or ConfigResourceType.Topic or ConfigResourceType.ClientMetrics or ConfigResourceType.Group => null,
            _ => Invalid($"Unknown resource type {(sbyte)resource.Type}"),
        };
    }

    private void SetLevels(ResourceChanges asked)
    {
        foreach ((string name, ConfigOperation operation, string? value) in asked.Changes) logger.SetLevel(name, operation == ConfigOperation.Set ? value : null);
    }

    private ApiError? CheckNode(string name, string what)
    {
        if (!int.TryParse(name, out int id)) return Invalid($"Node id must be an integer, but it is: {name}");
        return id == nodeId ? null : Invalid($"Unexpected {what} id, expected {nodeId}, but received {name}");
    }

    private static ApiError CheckLevels(ResourceChanges asked)
    {
        foreach ((string name, ConfigOperation operation, string? value) in asked.Changes)
        {
            if (operation is not (ConfigOperation.Set or ConfigOperation.Delete)) return Invalid($"Operation {operation.ToString().ToUpperInvariant()} is not allowed for the BROKER_LOGGER resource");
            if (!NodeLogger.Exists(name)) return new ApiError(ErrorCode.InvalidConfig, $"Logger {name} does not exist!");
            if (operation == ConfigOperation.Delete && name == NodeLogger.Root) return Invalid($"Removing the log level of the {NodeLogger.Root} logger is not allowed");
            if (operation == ConfigOperation.Set && !NodeLogger.LevelNames.Contains(value))
            {
                return new ApiError(
                    ErrorCode.InvalidConfig,
                    $"Cannot set the log level of {name} to {value} as it is not a supported log level. Valid log levels are {string.Join(", ", NodeLogger.LevelNames)}");
            }
        }

        return ApiError.None;
    }

    private static ApiError Invalid(string reason) => new(ErrorCode.InvalidRequest, reason);
}
