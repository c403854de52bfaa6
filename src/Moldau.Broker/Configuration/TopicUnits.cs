using Moldau.Metadata.Configuration;

namespace Moldau.Broker.Configuration;

/// <summary>A broker key that feeds a topic key may count in another unit, which its suffix says: <c>log.retention.hours</c> feeds <c>retention.ms</c>.</summary>
internal static class TopicUnits
{
    /// <summary>The broker key's value in the topic key's unit. Negative numbers mean "no limit" in every unit.</summary>
    public static string Convert(ConfigKey topicKey, string brokerKey, string text)
    {
        if (!topicKey.Name.EndsWith(".ms", StringComparison.Ordinal)) return text;
        long factor = brokerKey.EndsWith(".hours", StringComparison.Ordinal) ? 3_600_000 : brokerKey.EndsWith(".minutes", StringComparison.Ordinal) ? 60_000 : 1;
        return factor > 1 && long.TryParse(text, out long number) && number > 0 ? (number * factor).ToString() : text;
    }
}
