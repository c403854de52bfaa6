using System.Globalization;

namespace Moldau.Metadata.Configuration.Rules;

/// <summary>
/// Bounds that the broker sets on what groups may configure: <c>group.consumer.session.timeout.ms</c> lies between <c>group.consumer.min.session.timeout.ms</c>
/// and <c>group.consumer.max.session.timeout.ms</c>. The names say which belong together.
/// </summary>
internal static class GroupBounds
{
    private static readonly string[] Kinds = ["consumer", "share", "streams"];

    /// <summary>What is wrong with a value under the bounds of the broker key that it stands for; null when nothing is.</summary>
    /// <param name="name">The key that holds the value, for the message.</param>
    /// <param name="brokerKey">The broker key.</param>
    /// <param name="text">The value.</param>
    /// <param name="node">The node's configuration.</param>
    public static string? Objection(string name, string brokerKey, string? text, ConfigValues node)
    {
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)) return null;
        if (Bound(brokerKey, "min", node) is { } min && value < min.Value) return $"{name} must be greater than or equal to {min.Name}, which is {min.Value}";
        if (Bound(brokerKey, "max", node) is { } max && value > max.Value) return $"{name} must be less than or equal to {max.Name}, which is {max.Value}";
        return null;
    }

    /// <summary>What is wrong between heartbeats and session timeouts; null when nothing is.</summary>
    /// <param name="values">The configuration: a node's, or a group's.</param>
    /// <param name="prefix">What their names begin with in it.</param>
    public static string? HeartbeatObjection(ConfigValues values, string prefix)
    {
        foreach (string kind in Kinds)
        {
            string heartbeat = $"{prefix}{kind}.heartbeat.interval.ms", session = $"{prefix}{kind}.session.timeout.ms";
            if (Number(values, session) <= Number(values, heartbeat)) return $"{session} must be greater than {heartbeat}";
        }

        return null;
    }

    private static (string Name, long Value)? Bound(string brokerKey, string which, ConfigValues node)
    {
        foreach (string kind in Kinds)
        {
            string prefix = $"group.{kind}.";
            if (!brokerKey.StartsWith(prefix, StringComparison.Ordinal)) continue;
            string rest = brokerKey[prefix.Length..];
            string name = $"{prefix}{which}.{(rest.StartsWith("num.", StringComparison.Ordinal) ? rest[4..] : rest)}";
            return node.Catalog.TryGet(name, out _) ? (name, Number(node, name)!.Value) : null;
        }

        return null;
    }

    private static long? Number(ConfigValues values, string name) =>
        values.Catalog.TryGet(name, out ConfigKey? key) && long.TryParse(values.Text(key), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : null;
}
