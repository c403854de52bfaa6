using System.Collections.Immutable;
using Moldau.Metadata.Configuration;

namespace Moldau.Broker;

/// <summary>A listener as configured.</summary>
/// <param name="Name">Its name, in capitals.</param>
/// <param name="SecurityProtocol">What it maps to: PLAINTEXT is what this version speaks.</param>
/// <param name="Host">Where it binds; empty: on every address.</param>
/// <param name="Port">Its port; 0 picks a free one.</param>
/// <param name="AdvertisedHost">What clients are told.</param>
/// <param name="AdvertisedPort">What clients are told; 0: the port that was picked.</param>
/// <param name="ServesBroker">Whether it answers a broker's APIs.</param>
/// <param name="ServesController">Whether it answers a controller's APIs.</param>
public sealed record ListenerOptions(
    string Name, string SecurityProtocol, string Host, int Port, string AdvertisedHost, int AdvertisedPort, bool ServesBroker, bool ServesController)
{
    /// <summary>The listeners of a configuration, in its order.</summary>
    /// <exception cref="ConfigException">A listener is malformed, named twice, or advertised without being listened on.</exception>
    public static ImmutableArray<ListenerOptions> From(ConfigValues values)
    {
        List<Address> bound = [.. (values.Get(ListenerKeys.Listeners) ?? []).Select(text => Address.Parse("listeners", text))];
        if (bound.GroupBy(address => address.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ConfigException("listeners", string.Join(',', bound), $"listener {twice.Key} is named twice");
        }

        List<Address> advertised = [.. (values.Get(ListenerKeys.AdvertisedListeners) ?? []).Select(text => Address.Parse("advertised.listeners", text))];
        if (advertised.Find(address => !bound.Exists(one => one.Name == address.Name)) is { } unbound)
        {
            throw new ConfigException("advertised.listeners", values.Text(ListenerKeys.AdvertisedListeners), $"listener {unbound.Name} is not among the listeners");
        }

        HashSet<string> controllers = [.. (values.Get(ListenerKeys.ControllerListenerNames) ?? []).Select(name => name.ToUpperInvariant())];
        Dictionary<string, string> protocols = ProtocolsOf(values);
        return [.. bound.Select(address => From(address, advertised.Find(one => one.Name == address.Name), controllers, protocols))];
    }

    private static ListenerOptions From(Address address, Address? advertised, HashSet<string> controllers, Dictionary<string, string> protocols)
    {
        if (!protocols.TryGetValue(address.Name, out string? protocol))
        {
            throw new ConfigException("listener.security.protocol.map", null, $"it has no security protocol for listener {address.Name}");
        }

        string host = advertised?.Host ?? address.Host;
        return new ListenerOptions(
            address.Name,
            protocol,
            address.Host,
            address.Port,
            host is "" or "0.0.0.0" or "::" ? "localhost" : host,
            advertised?.Port ?? address.Port,
            ServesBroker: !controllers.Contains(address.Name),
            ServesController: controllers.Count == 0 || controllers.Contains(address.Name));
    }

    private static Dictionary<string, string> ProtocolsOf(ConfigValues values)
    {
        var protocols = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string pair in (values.Get(ListenerKeys.ListenerSecurityProtocolMap) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int colon = pair.LastIndexOf(':');
            if (colon > 0) protocols[pair[..colon].ToUpperInvariant()] = pair[(colon + 1)..].ToUpperInvariant();
        }

        // As in Kafka, a listener named CONTROLLER speaks PLAINTEXT unless the map says otherwise, as long as the map is the default.
        if (!values.Has(ListenerKeys.ListenerSecurityProtocolMap)) protocols.TryAdd("CONTROLLER", "PLAINTEXT");
        return protocols;
    }

    /// <summary>Whether what is told to clients is "every address", which is none that they can connect to.</summary>
    internal bool AdvertisesEveryAddress(ConfigValues values) =>
        values.Get(ListenerKeys.AdvertisedListeners)?.Select(text => Address.Parse("advertised.listeners", text)).FirstOrDefault(one => one.Name == Name) is { } own
            ? own.Host == "0.0.0.0"
            : Host == "0.0.0.0";

    private sealed record Address(string Name, string Host, int Port)
    {
        public static Address Parse(string key, string text)
        {
            int scheme = text.IndexOf("://", StringComparison.Ordinal), colon = text.LastIndexOf(':');
            if (scheme <= 0 || colon < scheme + 3 || !int.TryParse(text.AsSpan(colon + 1), out int port) || port is < 0 or > 65535)
            {
                throw new ConfigException(key, text, "NAME://host:port is needed");
            }

            return new Address(text[..scheme].ToUpperInvariant(), text[(scheme + 3)..colon].Trim('[', ']'), port);
        }

        public override string ToString() => $"{Name}://{Host}:{Port}";
    }
}
