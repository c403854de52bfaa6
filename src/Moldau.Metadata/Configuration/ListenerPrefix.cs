using System.Diagnostics.CodeAnalysis;

namespace Moldau.Metadata.Configuration;

/// <summary>Keys for one listener: <c>listener.name.NAME.KEY</c>, and with a SASL mechanism in between, <c>listener.name.NAME.MECHANISM.KEY</c>.</summary>
internal static class ListenerPrefix
{
    private const string Prefix = "listener.name.";

    /// <summary>The broker key behind a listener's own key; false when the name is no such key.</summary>
    public static bool TryGetKey(string name, [NotNullWhen(true)] out ConfigKey? key)
    {
        key = null;
        if (!name.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        int listenerEnd = name.IndexOf('.', Prefix.Length);
        if (listenerEnd < 0) return false;
        string rest = name[(listenerEnd + 1)..];
        if (ConfigCatalog.Broker.TryGet(rest, out key)) return true;
        int mechanismEnd = rest.IndexOf('.');
        return mechanismEnd > 0 && ConfigCatalog.Broker.TryGet(rest[(mechanismEnd + 1)..], out key);
    }
}
