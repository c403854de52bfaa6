using System.Globalization;

namespace Moldau.Metadata.Configuration;

/// <summary>
/// A configuration key: declared once, and from that declaration come the options of the node, the answers of DescribeConfigs,
/// validation and documentation (design, D7). Immutable.
/// </summary>
public abstract class ConfigKey
{
    private protected ConfigKey(string name, ConfigType type, KeyTraits traits)
    {
        Name = name;
        Type = type;
        Traits = traits;
    }

    /// <summary>Kafka's name of the key, or a name of our own under <c>moldau.</c>.</summary>
    public string Name { get; }

    /// <summary>Type of its value.</summary>
    public ConfigType Type { get; }

    /// <summary>What the key means, with its unit.</summary>
    public string Documentation => Traits.Documentation;

    /// <summary>How much it matters.</summary>
    public Importance Importance => Traits.Importance;

    /// <summary>How it may change while the node runs; meaningful for broker keys.</summary>
    public UpdateMode UpdateMode => Traits.UpdateMode;

    /// <summary>Whether it is left out of Kafka's documentation.</summary>
    public bool IsInternal => Traits.IsInternal;

    /// <summary>Whether it has no default and must be given.</summary>
    public bool IsRequired => Traits.IsRequired;

    /// <summary>Whether it does anything here.</summary>
    public KeyEffect Effect => Traits.Effect;

    /// <summary>The broker keys that give a topic's or group's key its value where it has none of its own, in order of precedence.</summary>
    public IReadOnlyList<string> BrokerKeys => Traits.BrokerKeys;

    /// <summary>Whether its value is a secret and is never shown.</summary>
    public bool IsSensitive => Type == ConfigType.Password;

    /// <summary>The default as text; null where there is none.</summary>
    public abstract string? DefaultText { get; }

    /// <summary>What values it takes, as Kafka prints it; null where every value of the type will do.</summary>
    public abstract string? ValidText { get; }

    private protected KeyTraits Traits { get; }

    /// <summary>Checks a value in text form.</summary>
    /// <exception cref="ConfigException">The key does not take it.</exception>
    public abstract void Check(string text);

    /// <summary>Whether the key takes a value in text form.</summary>
    public bool Takes(string text)
    {
        try
        {
            Check(text);
            return true;
        }
        catch (ConfigException)
        {
            return false;
        }
    }

    /// <summary>The value in text form as it is shown: without spaces that its type does not keep, and numbers as Java prints them.</summary>
    public string Normalize(string text) => Type switch
    {
        ConfigType.String or ConfigType.Password => text,
        ConfigType.Boolean => text.Trim().ToLowerInvariant(),
        ConfigType.List => string.Join(',', ConfigText.List(text.Trim())),
        ConfigType.Double => ConfigText.TryDouble(text, out double number) ? ConfigText.JavaDouble(number) : text.Trim(),
        ConfigType.Int or ConfigType.Short or ConfigType.Long => ConfigText.TryWhole(text, out long number) ? number.ToString(CultureInfo.InvariantCulture) : text.Trim(),
        _ => text.Trim(),
    };

    internal abstract object? ParseObject(string text);
}

/// <summary>A configuration key whose value is a <typeparamref name="T"/>.</summary>
public sealed class ConfigKey<T> : ConfigKey
{
    private readonly Func<string, string, T> parse;
    private readonly ConfigRule? rule;

    internal ConfigKey(string name, ConfigType type, T defaultValue, string? defaultText, Func<string, string, T> parse, ConfigRule? rule, KeyTraits traits)
        : base(name, type, traits)
    {
        Default = defaultValue;
        DefaultText = defaultText;
        this.parse = parse;
        this.rule = rule;
    }

    /// <summary>The value where none is given.</summary>
    public T Default { get; }

    /// <inheritdoc/>
    public override string? DefaultText { get; }

    /// <inheritdoc/>
    public override string? ValidText => rule?.Text;

    /// <summary>Reads a value in text form.</summary>
    /// <exception cref="ConfigException">The key does not take it.</exception>
    public T Parse(string text)
    {
        T value = parse(Name, Normalize(text));
        if (rule?.Objection(value) is { } reason) throw new ConfigException(Name, IsSensitive ? "[hidden]" : text, reason);
        return value;
    }

    /// <inheritdoc/>
    public override void Check(string text) => Parse(text);

    internal override object? ParseObject(string text) => Parse(text);
}

/// <summary>What a declaration says of a key beyond name, type and value.</summary>
internal sealed record KeyTraits(
    string Documentation,
    Importance Importance,
    UpdateMode UpdateMode,
    bool IsInternal,
    bool IsRequired,
    KeyEffect Effect,
    IReadOnlyList<string> BrokerKeys);
