using System.Globalization;

namespace Moldau.Metadata.Configuration;

/// <summary>
/// Broker keys that set the same thing: <c>log.retention.ms</c>, <c>.minutes</c> and <c>.hours</c>. Which do is declared with the topic key that they feed.
/// </summary>
internal static class ConfigSynonyms
{
    private const long MinuteMs = 60_000, HourMs = 60 * MinuteMs;

    /// <summary>The names that set what a broker key sets, in order of precedence; the name alone where there is no other.</summary>
    /// <remarks>A later name that counts in the same unit as the first is its default and no other name for it: <c>log.flush.scheduler.interval.ms</c>.</remarks>
    public static IReadOnlyList<string> Of(string brokerKey)
    {
        foreach (ConfigKey key in ConfigCatalog.Topic.Keys)
        {
            if (key.BrokerKeys.Count < 2 || !key.BrokerKeys.Contains(brokerKey, StringComparer.Ordinal)) continue;
            bool isDefault = brokerKey != key.BrokerKeys[0] && UnitMs(brokerKey) == UnitMs(key.BrokerKeys[0]);
            return isDefault ? [brokerKey] : key.BrokerKeys;
        }

        return [brokerKey];
    }

    /// <summary>A broker key's value as the topic's or group's key that falls back to it counts: hours become milliseconds, a list gives its first entry to a string.</summary>
    public static string Convert(ConfigKey key, string brokerKey, string text)
    {
        if (key.Type == ConfigType.String && ConfigCatalog.Broker.TryGet(brokerKey, out ConfigKey? source) && source.Type == ConfigType.List)
        {
            return ConfigText.List(text) is [var first, ..] ? first : "";
        }

        if (key.Type != ConfigType.Long || !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)) return text;
        // Any negative retention of a broker means "for ever"; a topic knows -1 alone.
        if (number < 0) return key.Name == TopicKeys.RetentionMs.Name ? "-1" : text;
        return UnitMs(brokerKey) == 1 ? text : (number * UnitMs(brokerKey)).ToString(CultureInfo.InvariantCulture);
    }

    private static long UnitMs(string brokerKey) =>
        brokerKey.EndsWith(".hours", StringComparison.Ordinal) ? HourMs
        : brokerKey.EndsWith(".minutes", StringComparison.Ordinal) ? MinuteMs
        : 1;
}
