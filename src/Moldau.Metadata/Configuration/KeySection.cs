using System.Globalization;

namespace Moldau.Metadata.Configuration;

/// <summary>
/// The keys of one subject, in the order they are declared. Each <c>*Keys</c> class has one and declares through it, so that a key
/// cannot be declared and then forgotten in the catalog.
/// </summary>
/// <param name="title">The subject, as a heading.</param>
internal sealed class KeySection(string title)
{
    private readonly List<ConfigKey> keys = [];

    public string Title => title;

    public IReadOnlyList<ConfigKey> Keys => keys;

    public ConfigKey<bool> Bool(string name, bool value, KeyTraits traits) =>
        Add(new ConfigKey<bool>(name, ConfigType.Boolean, value, value ? "true" : "false", ConfigText.Bool, null, traits));

    public ConfigKey<int> Int(string name, int value, ConfigRule? rule, KeyTraits traits) =>
        Add(new ConfigKey<int>(name, ConfigType.Int, value, traits.IsRequired ? null : Text(value), ConfigText.Int, rule, traits));

    public ConfigKey<int?> OptionalInt(string name, ConfigRule? rule, KeyTraits traits) =>
        Add(new ConfigKey<int?>(name, ConfigType.Int, null, null, (key, text) => ConfigText.Int(key, text), rule, traits));

    public ConfigKey<short> Short(string name, short value, ConfigRule? rule, KeyTraits traits) =>
        Add(new ConfigKey<short>(name, ConfigType.Short, value, Text(value), ConfigText.Short, rule, traits));

    public ConfigKey<long> Long(string name, long value, ConfigRule? rule, KeyTraits traits) =>
        Add(new ConfigKey<long>(name, ConfigType.Long, value, Text(value), ConfigText.Long, rule, traits));

    public ConfigKey<long?> OptionalLong(string name, ConfigRule? rule, KeyTraits traits) =>
        Add(new ConfigKey<long?>(name, ConfigType.Long, null, null, (key, text) => ConfigText.Long(key, text), rule, traits));

    public ConfigKey<double> Double(string name, double value, ConfigRule? rule, KeyTraits traits) =>
        Add(new ConfigKey<double>(name, ConfigType.Double, value, ConfigText.JavaDouble(value), ConfigText.Double, rule, traits));

    public ConfigKey<string?> String(string name, string? value, ConfigRule? rule, KeyTraits traits) =>
        Add(new ConfigKey<string?>(name, ConfigType.String, value, value, (_, text) => text, rule, traits));

    public ConfigKey<string?> Class(string name, string? value, KeyTraits traits) =>
        Add(new ConfigKey<string?>(name, ConfigType.Class, value, value, (_, text) => text, null, traits));

    public ConfigKey<string?> Password(string name, KeyTraits traits) =>
        Add(new ConfigKey<string?>(name, ConfigType.Password, null, null, (_, text) => text, null, traits));

    public ConfigKey<IReadOnlyList<string>?> List(string name, IReadOnlyList<string>? value, ConfigRule? rule, KeyTraits traits) =>
        Add(new ConfigKey<IReadOnlyList<string>?>(name, ConfigType.List, value, value is null ? null : string.Join(',', value), (_, text) => ConfigText.List(text), rule, traits));

    private ConfigKey<T> Add<T>(ConfigKey<T> key)
    {
        keys.Add(key);
        return key;
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
