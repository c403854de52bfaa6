using System.Globalization;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Admin;

/// <summary>What kind of thing has a configuration; the numbers are Kafka's.</summary>
public enum ConfigResourceType : sbyte
{
    /// <summary>A topic, by name.</summary>
    Topic = 2,

    /// <summary>A broker, by node id; the empty name stands for the cluster-wide default.</summary>
    Broker = 4,

    /// <summary>The levels of a broker's loggers, by node id.</summary>
    BrokerLogger = 8,

    /// <summary>A subscription to client metrics (KIP-714).</summary>
    ClientMetrics = 16,

    /// <summary>A group, by name (KIP-848).</summary>
    Group = 32,
}

/// <summary>A thing that has a configuration.</summary>
/// <param name="Type">Its kind.</param>
/// <param name="Name">Its name.</param>
public sealed record ConfigResource(ConfigResourceType Type, string Name);

/// <summary>Where a value comes from; the numbers are Kafka's.</summary>
public enum ConfigSource : sbyte
{
    /// <summary>Not said.</summary>
    Unknown = 0,

    /// <summary>Set on the topic.</summary>
    DynamicTopic = 1,

    /// <summary>Set on the broker while it runs.</summary>
    DynamicBroker = 2,

    /// <summary>Set on the cluster-wide default.</summary>
    DynamicDefaultBroker = 3,

    /// <summary>The broker's configuration file.</summary>
    StaticBroker = 4,

    /// <summary>Kafka's default.</summary>
    Default = 5,

    /// <summary>The level of a logger.</summary>
    DynamicBrokerLogger = 6,

    /// <summary>Set on the subscription to client metrics.</summary>
    ClientMetrics = 7,

    /// <summary>Set on the group.</summary>
    Group = 8,
}

/// <summary>A configuration value as a broker describes it.</summary>
/// <param name="Name">The key.</param>
/// <param name="Value">The value as text; null when sensitive or unset.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="IsReadOnly">Whether it cannot be changed while the broker runs.</param>
/// <param name="IsSensitive">Whether its value is hidden.</param>
/// <param name="Synonyms">Every place that has a value for it, the one in force first.</param>
/// <param name="Documentation">What it is for, if asked.</param>
public sealed record ConfigEntry(string Name, string? Value, ConfigSource Source, bool IsReadOnly, bool IsSensitive, IReadOnlyList<ConfigSynonym> Synonyms, string? Documentation);

/// <summary>A value that another place has for the same setting.</summary>
/// <param name="Name">The key there.</param>
/// <param name="Value">The value.</param>
/// <param name="Source">The place.</param>
public sealed record ConfigSynonym(string Name, string? Value, ConfigSource Source);

/// <summary>How a value is changed; the numbers are Kafka's.</summary>
public enum ConfigOperation : sbyte
{
    /// <summary>Give it a value.</summary>
    Set = 0,

    /// <summary>Go back to the default.</summary>
    Delete = 1,

    /// <summary>Add an element to a list.</summary>
    Append = 2,

    /// <summary>Take an element off a list.</summary>
    Subtract = 3,
}

/// <summary>A change of one value.</summary>
/// <param name="Name">The key.</param>
/// <param name="Operation">How.</param>
/// <param name="Value">The new value or the element; null with <see cref="ConfigOperation.Delete"/>.</param>
public sealed record ConfigChange(string Name, ConfigOperation Operation, string? Value);

/// <summary>Configuration of topics, brokers, groups and client metrics. See <see cref="AdminClient"/>.</summary>
public sealed class ConfigAdmin
{
    private readonly AdminRequests requests;

    internal ConfigAdmin(AdminRequests requests) => this.requests = requests;

    /// <summary>Describes a configuration (DescribeConfigs).</summary>
    /// <param name="resource">Whose.</param>
    /// <param name="documentation">Whether to ask what the keys are for.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="KafkaException">There is no such resource, or it cannot be asked.</exception>
    public async Task<IReadOnlyList<ConfigEntry>> DescribeAsync(ConfigResource resource, bool documentation = false, CancellationToken cancellation = default)
    {
        DescribeConfigsResponse response = await SendAsync(
            $"configuration of {Text(resource)}",
            resource,
            ApiKey.DescribeConfigs,
            version =>
            {
                var request = new DescribeConfigsRequest { IncludeSynonyms = true, IncludeDocumentation = documentation && version >= 3 };
                DescribeConfigsRequest.DescribeConfigsResource entry = request.Resources.Add();
                entry.ResourceType = (sbyte)resource.Type;
                entry.ResourceName = resource.Name;
                entry.ConfigurationKeys = null;
                return request;
            },
            static (DescribeConfigsResponse response) => response.Results.Count == 1 ? ErrorCode.None : ErrorCode.UnknownServerError,
            cancellation);
        DescribeConfigsResponse.DescribeConfigsResult result = response.Results[0];
        if (result.ErrorCode != 0) throw KafkaException.Of((ErrorCode)result.ErrorCode, $"configuration of {Text(resource)}", result.ErrorMessage);
        List<ConfigEntry> entries = [.. result.Configs.Select(Read)];
        entries.Sort(static (left, right) => string.CompareOrdinal(left.Name, right.Name));
        return entries;
    }

    /// <summary>Changes a configuration (IncrementalAlterConfigs).</summary>
    /// <param name="resource">Whose.</param>
    /// <param name="changes">What.</param>
    /// <param name="validateOnly">Only say whether it could be done.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="KafkaException">A value is refused, or there is no such resource.</exception>
    public async Task AlterAsync(ConfigResource resource, IReadOnlyCollection<ConfigChange> changes, bool validateOnly = false, CancellationToken cancellation = default)
    {
        IncrementalAlterConfigsResponse response = await SendAsync(
            $"configuration of {Text(resource)}",
            resource,
            ApiKey.IncrementalAlterConfigs,
            _ =>
            {
                var request = new IncrementalAlterConfigsRequest { ValidateOnly = validateOnly };
                IncrementalAlterConfigsRequest.AlterConfigsResource entry = request.Resources.Add();
                entry.ResourceType = (sbyte)resource.Type;
                entry.ResourceName = resource.Name;
                foreach (ConfigChange change in changes)
                {
                    IncrementalAlterConfigsRequest.AlterableConfig config = entry.Configs.Add();
                    config.Name = change.Name;
                    config.ConfigOperation = (sbyte)change.Operation;
                    config.Value = change.Value;
                }

                return request;
            },
            static (IncrementalAlterConfigsResponse response) => response.Responses.Any(each => ((ErrorCode)each.ErrorCode).IsRetriable()) ? (ErrorCode)response.Responses[0].ErrorCode : ErrorCode.None,
            cancellation);
        foreach (IncrementalAlterConfigsResponse.AlterConfigsResourceResponse result in response.Responses)
        {
            if (result.ErrorCode != 0) throw KafkaException.Of((ErrorCode)result.ErrorCode, $"configuration of {Text(resource)}", result.ErrorMessage);
        }
    }

    /// <summary>What has, or may have, a configuration (ListConfigResources, KIP-1142); of an older broker client metrics alone can be asked.</summary>
    /// <param name="types">Of which kinds; empty: of all.</param>
    /// <param name="cancellation">Stops the waiting.</param>
    /// <exception cref="KafkaException">The broker does not know a kind.</exception>
    public async Task<IReadOnlyList<ConfigResource>> ListAsync(IReadOnlyCollection<ConfigResourceType> types, CancellationToken cancellation = default)
    {
        ListConfigResourcesResponse response = await requests.AnyAsync(
            "configured resources",
            ApiKey.ListConfigResources,
            version => version > 0 || types.All(static type => type == ConfigResourceType.ClientMetrics)
                ? new ListConfigResourcesRequest { ResourceTypes = [.. types.Select(static type => (sbyte)type)] }
                : throw new KafkaException(ErrorCode.UnsupportedVersion, "this broker lists client metrics alone"),
            static response => (ErrorCode)response.ErrorCode,
            cancellation);
        return [.. response.ConfigResources.Select(static each => new ConfigResource((ConfigResourceType)each.ResourceType, each.ResourceName))];
    }

    // A named broker answers for itself: only it knows what stands in its file.
    private Task<TResponse> SendAsync<TResponse>(
        string what, ConfigResource resource, ApiKey api, Func<short, IRequest<TResponse>> make, Func<TResponse, ErrorCode> error, CancellationToken cancellation)
        where TResponse : IResponse, new() =>
        resource.Type is ConfigResourceType.Broker or ConfigResourceType.BrokerLogger
            && int.TryParse(resource.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int broker)
            ? requests.BrokerAsync(what, broker, api, make, error, cancellation)
            : requests.AnyAsync(what, api, make, error, cancellation);

    private static ConfigEntry Read(DescribeConfigsResponse.DescribeConfigsResourceResult config) => new(
        config.Name,
        config.Value,
        (ConfigSource)Math.Max((sbyte)0, config.ConfigSource),
        config.ReadOnly,
        config.IsSensitive,
        [.. config.Synonyms.Select(each => new ConfigSynonym(each.Name, each.Value, (ConfigSource)each.Source))],
        config.Documentation);

    private static string Text(ConfigResource resource) => resource switch
    {
        { Type: ConfigResourceType.Broker, Name: "" } => "the cluster's brokers",
        { Type: ConfigResourceType.Topic } => $"topic '{resource.Name}'",
        { Type: ConfigResourceType.Group } => $"group '{resource.Name}'",
        { Type: ConfigResourceType.ClientMetrics } => $"client metrics '{resource.Name}'",
        _ => $"broker {resource.Name}",
    };
}
