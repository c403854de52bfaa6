using System.Globalization;
using Moldau.Protocol;

namespace Moldau.Metadata.Configuration.Rules;

/// <summary>What may be set on a running broker, or as the default of all brokers. Every refusal is INVALID_REQUEST, as in Kafka.</summary>
internal static class BrokerRules
{
    /// <summary>Judges what is new or changed: what was accepted before, perhaps by another version, stands in nobody's way.</summary>
    public static ApiError Check(
        string broker, IReadOnlyDictionary<string, string> proposed, IReadOnlyDictionary<string, string> current, IReadOnlyDictionary<string, string> file)
    {
        bool isPerBroker = broker.Length > 0;
        if (isPerBroker && !int.TryParse(broker, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
        {
            return Invalid("Unable to parse broker name as a base 10 number.");
        }

        if (broker.StartsWith('-')) return Invalid("Invalid negative broker ID.");
        foreach ((string name, string value) in proposed)
        {
            if (current.TryGetValue(name, out string? before) && before == value) continue;
            string? reason = DynamicKeys.Objection(name, value, isPerBroker) ?? ListenerObjection(name, value, file);
            if (reason is not null) return Invalid(reason);
        }

        return CheckTogether(proposed, file, isPerBroker);
    }

    // A file that does not hold together has been refused at start; where it was not asked then, a change is not the place to.
    private static ApiError CheckTogether(IReadOnlyDictionary<string, string> proposed, IReadOnlyDictionary<string, string> file, bool isPerBroker)
    {
        if (CrossChecks.Objection(new ConfigLayers(file)) is not null) return ApiError.None;
        var layers = new ConfigLayers(file, isPerBroker ? null : proposed, isPerBroker ? proposed : null);
        return CrossChecks.Objection(layers) is { } reason ? Invalid(reason.Message) : ApiError.None;
    }

    private static string? ListenerObjection(string name, string value, IReadOnlyDictionary<string, string> file)
    {
        ConfigKey? key = name == ListenerKeys.Listeners.Name ? ListenerKeys.Listeners
            : name == ListenerKeys.ListenerSecurityProtocolMap.Name ? ListenerKeys.ListenerSecurityProtocolMap
            : null;
        if (key is null) return null;
        string? now = file.TryGetValue(name, out string? text) ? key.Normalize(text) : key.DefaultText;
        return key.Normalize(value) == now ? null : $"{name} cannot be changed while the node runs: change it in the node's configuration and restart it";
    }

    private static ApiError Invalid(string reason) => new(ErrorCode.InvalidRequest, reason);
}
