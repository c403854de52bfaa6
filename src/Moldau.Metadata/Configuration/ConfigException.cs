namespace Moldau.Metadata.Configuration;

/// <summary>A configuration that cannot be used: the message says what was wrong, with which key, and what it takes.</summary>
public sealed class ConfigException : Exception
{
    /// <summary>A value that a key does not take.</summary>
    public ConfigException(string key, string? value, string reason)
        : base($"Invalid value {value ?? "null"} for configuration {key}: {reason}")
    {
        Key = key;
        Reason = reason;
    }

    private ConfigException(string key, string message)
        : base(message)
    {
        Key = key;
        Reason = message;
    }

    /// <summary>The key.</summary>
    public string Key { get; }

    /// <summary>What the key takes, in words.</summary>
    public string Reason { get; }

    /// <summary>A key that must be given and is not.</summary>
    public static ConfigException Missing(string key, string why) => new(key, $"Missing configuration {key}: {why}");

    /// <summary>A name that is no key.</summary>
    /// <param name="key">The name.</param>
    /// <param name="nearest">The key that was probably meant; null when none is near.</param>
    public static ConfigException Unknown(string key, string? nearest) =>
        new(key, nearest is null ? $"Unknown configuration {key}" : $"Unknown configuration {key}: did you mean {nearest}?");

    /// <summary>A name that was a key of an older Kafka.</summary>
    public static ConfigException Removed(string key) => new(key, $"Unknown configuration {key}: Kafka 4 has no such key any more; remove the line");

    /// <summary>A configuration file that cannot be read.</summary>
    /// <param name="reason">What is wrong and where.</param>
    public static ConfigException Malformed(string reason) => new("", $"The configuration file cannot be read: {reason}");
}
