using System.Collections.Frozen;

namespace Moldau.Metadata.Configuration;

/// <summary>
/// A set of given values over a catalog: what is given is parsed once, what is not has its default. Immutable, so that a change swaps
/// the whole set by reference.
/// </summary>
public sealed class ConfigValues
{
    private readonly FrozenDictionary<string, object?> parsed;

    private ConfigValues(
        ConfigCatalog catalog, FrozenDictionary<string, string> given, FrozenDictionary<string, object?> parsed, IReadOnlyDictionary<string, string> others)
    {
        Catalog = catalog;
        Given = given;
        Others = others;
        this.parsed = parsed;
    }

    /// <summary>The keys.</summary>
    public ConfigCatalog Catalog { get; }

    /// <summary>What was given, in text form.</summary>
    public IReadOnlyDictionary<string, string> Given { get; }

    /// <summary>Names given that are no keys of the catalog, in text form: a listener's own keys, and what belongs to plugins.</summary>
    public IReadOnlyDictionary<string, string> Others { get; }

    /// <summary>Parses given values. Names that are no keys are the caller's to judge beforehand; they end in <see cref="Others"/>.</summary>
    /// <exception cref="ConfigException">A key does not take its value.</exception>
    public static ConfigValues Parse(ConfigCatalog catalog, IEnumerable<KeyValuePair<string, string>> given)
    {
        Dictionary<string, string> texts = new(StringComparer.Ordinal), others = new(StringComparer.Ordinal);
        Dictionary<string, object?> values = new(StringComparer.Ordinal);
        foreach ((string name, string text) in given)
        {
            if (catalog.TryGet(name, out ConfigKey? key))
            {
                values[name] = key.ParseObject(text);
                texts[name] = key.Normalize(text);
            }
            else
            {
                others[name] = text;
            }
        }

        return new ConfigValues(catalog, texts.ToFrozenDictionary(StringComparer.Ordinal), values.ToFrozenDictionary(StringComparer.Ordinal), others);
    }

    /// <summary>As <see cref="Parse"/>, but a value that its key does not take counts as not given: a log may hold what another version wrote.</summary>
    public static ConfigValues ParseValid(ConfigCatalog catalog, IEnumerable<KeyValuePair<string, string>> given) =>
        Parse(catalog, given.Where(pair => !catalog.TryGet(pair.Key, out ConfigKey? key) || key.Takes(pair.Value)));

    /// <summary>The value of a key.</summary>
    public T Get<T>(ConfigKey<T> key) => parsed.TryGetValue(key.Name, out object? value) ? (T)value! : key.Default;

    /// <summary>Whether the key was given a value.</summary>
    public bool Has(ConfigKey key) => parsed.ContainsKey(key.Name);

    /// <summary>The value in text form, the default included; null where there is neither.</summary>
    public string? Text(ConfigKey key) => Given.TryGetValue(key.Name, out string? text) ? text : key.DefaultText;
}
