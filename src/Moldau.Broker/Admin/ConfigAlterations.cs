using Moldau.Broker.Configuration;
using Moldau.Broker.Handlers;
using Moldau.Metadata;
using Moldau.Protocol;

namespace Moldau.Broker.Admin;

/// <summary>A change of one key, as a client asks for it.</summary>
/// <param name="Name">The key.</param>
/// <param name="Operation">0 set, 1 delete, 2 append, 3 subtract.</param>
/// <param name="Value">The value.</param>
internal readonly record struct ConfigAlteration(string Name, sbyte Operation, string? Value);

/// <summary>
/// What a broker decides itself of IncrementalAlterConfigs and AlterConfigs before the controller sees them: malformed resources, resources of another broker, and levels of loggers.
/// </summary>
internal sealed class ConfigAlterations(int nodeId, NodeLogger logger)
{
    private const sbyte Set = 0, Delete = 1;

    /// <summary>The answer to a resource; null when it is the controller's to give.</summary>
    /// <param name="type">Type of the resource.</param>
    /// <param name="name">Name of the resource.</param>
    /// <param name="knowsLoggers">Whether the API knows levels of loggers: the older one does not.</param>
    /// <param name="isDuplicate">Whether the request has the resource more than once.</param>
    /// <param name="alterations">What is asked.</param>
    /// <param name="listener">Where the request came in: a listener for controllers alone leaves brokers to the controller.</param>
    public ApiError? Check(ConfigResourceType type, string name, bool knowsLoggers, bool isDuplicate, IReadOnlyList<ConfigAlteration> alterations, Listeners listener)
    {
        if (isDuplicate) return Invalid("Each resource must appear at most once.");
        if (alterations.Select(alteration => alteration.Name).Distinct(StringComparer.Ordinal).Count() < alterations.Count) return Invalid("Error due to duplicate config keys");
        string[] nulls = [.. alterations.Where(alteration => alteration.Operation != Delete && alteration.Value is null).Select(alteration => alteration.Name)];
        if (nulls.Length > 0) return Invalid($"Null value not supported for : {string.Join(", ", nulls)}");
        return type switch
        {
            ConfigResourceType.Broker when name.Length > 0 && (listener & Listeners.Broker) != 0 => CheckNode(name, "broker"),
            ConfigResourceType.BrokerLogger when knowsLoggers => CheckNode(name, "node") ?? CheckLevels(alterations),
            ConfigResourceType.Broker or ConfigResourceType.Topic or ConfigResourceType.ClientMetrics or ConfigResourceType.Group => null,
            _ => Invalid($"Unknown resource type {(sbyte)type}"),
        };
    }

    /// <summary>Changes levels of loggers that were found right.</summary>
    public void Apply(IEnumerable<ConfigAlteration> alterations)
    {
        foreach (ConfigAlteration alteration in alterations) logger.SetLevel(alteration.Name, alteration.Operation == Set ? alteration.Value : null);
    }

    private ApiError? CheckNode(string name, string what)
    {
        if (!int.TryParse(name, out int id)) return Invalid($"Node id must be an integer, but it is: {name}");
        return id == nodeId ? null : Invalid($"Unexpected {what} id, expected {nodeId}, but received {name}");
    }

    // NONE when everything is right: it is this node's to do.
    private static ApiError CheckLevels(IReadOnlyList<ConfigAlteration> alterations)
    {
        foreach ((string name, sbyte operation, string? value) in alterations)
        {
            if (operation is not (Set or Delete)) return Invalid($"Operation {operation} is not allowed for the BROKER_LOGGER resource");
            if (!NodeLogger.Exists(name)) return new ApiError(ErrorCode.InvalidConfig, $"Logger {name} does not exist!");
            if (operation == Delete && name == NodeLogger.Root) return Invalid($"Removing the log level of the {NodeLogger.Root} logger is not allowed");
            if (operation == Set && !NodeLogger.LevelNames.Contains(value))
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
