using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Moldau.Metadata.Configuration;

namespace Moldau.Broker.Configuration;

/// <summary>Listeners against the node's roles, as Kafka checks them at start.</summary>
internal static class ListenerChecks
{
    private const string Listeners = "listeners", Advertised = "advertised.listeners", Controllers = "controller.listener.names", InterBroker = "inter.broker.listener.name";

    public static void Run(ConfigValues values, NodeRoles roles, ICollection<string> warnings)
    {
        ImmutableArray<ListenerOptions> all = ListenerOptions.From(values);
        if (all.IsEmpty) throw new ConfigException(Listeners, values.Text(ListenerKeys.Listeners), "at least one listener is needed");
        CheckPorts(all);
        CheckControllers(values, roles, all, warnings);
        if (roles.IsBroker) CheckBroker(values, all);
        foreach (ListenerOptions listener in all)
        {
            if (listener.SecurityProtocol != "PLAINTEXT")
            {
                throw new ConfigException(Listeners, listener.Name, $"it speaks {listener.SecurityProtocol}, which is not there yet: listeners speak PLAINTEXT");
            }
        }
    }

    // One port may be used twice where one address is IPv4 and the other IPv6; port 0 is another one each time.
    private static void CheckPorts(ImmutableArray<ListenerOptions> all)
    {
        foreach (IGrouping<int, ListenerOptions> port in all.Where(listener => listener.Port != 0).GroupBy(listener => listener.Port))
        {
            AddressFamily?[] families = [.. port.Select(listener => IPAddress.TryParse(listener.Host, out IPAddress? address) ? address.AddressFamily : (AddressFamily?)null)];
            bool isPair = families.Length == 2 && families[0] is not null && families[1] is not null && families[0] != families[1];
            if (families.Length > 1 && !isPair) throw new ConfigException(Listeners, string.Join(',', port.Select(listener => listener.Name)), $"each listener needs a port of its own, and {port.Key} is used twice");
        }
    }

    private static void CheckControllers(ConfigValues values, NodeRoles roles, ImmutableArray<ListenerOptions> all, ICollection<string> warnings)
    {
        ImmutableArray<string> names = [.. (values.Get(ListenerKeys.ControllerListenerNames) ?? []).Select(name => name.ToUpperInvariant())];
        string text = string.Join(',', names);
        string[] bound = [.. all.Select(listener => listener.Name)];
        if (roles.IsBrokerAlone)
        {
            if (names.IsEmpty) throw ConfigException.Missing(Controllers, "a broker reaches the controllers by the first of them");
            if (names.FirstOrDefault(bound.Contains) is { } own) throw new ConfigException(Controllers, text, $"the node is a broker alone, so {own} must not be among its listeners");
            if (names.Length > 1) warnings.Add($"{Controllers} has more than one entry, and a broker uses the first alone: {names[0]}");
            return;
        }

        // Without any, one set of listeners serves clients and the quorum.
        if (names.FirstOrDefault(name => !bound.Contains(name)) is { } missing) throw new ConfigException(Controllers, text, $"the node is a controller, so {missing} must be among its listeners");
        if (roles.IsControllerAlone && all.FirstOrDefault(listener => !listener.ServesController) is { } foreign)
        {
            throw new ConfigException(Listeners, foreign.Name, $"the node is a controller alone, so its listeners must all be among {Controllers}");
        }
    }

    private static void CheckBroker(ConfigValues values, ImmutableArray<ListenerOptions> all)
    {
        ImmutableArray<ListenerOptions> serving = [.. all.Where(listener => listener.ServesBroker)];
        if (serving.IsEmpty) throw new ConfigException(Listeners, values.Text(ListenerKeys.Listeners), $"a broker needs a listener for clients, and every one is among {Controllers}");
        if (serving.FirstOrDefault(listener => listener.AdvertisesEveryAddress(values)) is { } nowhere)
        {
            throw new ConfigException(Advertised, nowhere.Name, "clients cannot connect to 0.0.0.0: say where they reach the node");
        }

        string? interBroker = values.Get(ListenerKeys.InterBrokerListenerName);
        if (interBroker is not null && values.Has(ListenerKeys.SecurityInterBrokerProtocol))
        {
            throw new ConfigException(InterBroker, interBroker, "only one of inter.broker.listener.name and security.inter.broker.protocol can be set");
        }

        string valid = string.Join(',', serving.Select(listener => listener.Name));
        if (interBroker is not null && serving.All(listener => !listener.Name.Equals(interBroker, StringComparison.OrdinalIgnoreCase)))
        {
            throw new ConfigException(InterBroker, interBroker, $"it must be a listener for clients: {valid}");
        }

        string protocol = values.Get(ListenerKeys.SecurityInterBrokerProtocol) ?? "PLAINTEXT";
        if (interBroker is null && serving.All(listener => !listener.Name.Equals(protocol, StringComparison.OrdinalIgnoreCase)))
        {
            throw new ConfigException(InterBroker, null, $"brokers use listener {protocol} among themselves, which is not there; name one of {valid}");
        }
    }
}
