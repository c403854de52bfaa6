namespace Moldau.Metadata.Configuration;

/// <summary>What may be set on a broker while it runs (KIP-226).</summary>
public static class DynamicKeys
{
    private static readonly string[] PerListenerOnly = ["ssl.keystore.", "ssl.truststore.", "ssl.key.password"];

    /// <summary>What is wrong with setting a key dynamically; null when nothing is.</summary>
    /// <param name="name">The key, or a listener's own key. A name that is not known here is left to whom it belongs.</param>
    /// <param name="value">Its value.</param>
    /// <param name="isPerBroker">Whether it is set on one broker, not as the default of all.</param>
    public static string? Objection(string name, string value, bool isPerBroker)
    {
        bool isOfListener = ListenerPrefix.TryGetKey(name, out ConfigKey? key);
        if (!isOfListener && !ConfigCatalog.Broker.TryGet(name, out key)) return null;
        if (!isOfListener && key!.UpdateMode == UpdateMode.ReadOnly) return $"Cannot update these configs dynamically: {name}";
        if (!isOfListener && PerListenerOnly.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
        {
            return $"These security configs can be dynamically updated only per-listener using the listener prefix: {name}";
        }

        if (!isPerBroker && key!.UpdateMode == UpdateMode.PerBroker)
        {
            return $"Cannot update these configs at default cluster level, broker id must be specified: {name}";
        }

        try
        {
            key!.Check(value);
            return null;
        }
        catch (ConfigException e)
        {
            return e.Message;
        }
    }
}
