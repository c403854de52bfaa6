namespace Moldau.Metadata.Configuration;

/// <summary>One name for a setting, and the value set under it.</summary>
/// <param name="Name">The key.</param>
/// <param name="Value">Its value; null where it is a secret.</param>
/// <param name="Source">Where it is set.</param>
public readonly record struct ConfigSynonym(string Name, string? Value, ConfigSource Source);

/// <summary>A key with the value in effect, as DescribeConfigs shows it.</summary>
/// <param name="Name">The key.</param>
/// <param name="Value">Its value; null where there is none, or it is a secret.</param>
/// <param name="Source">Where it comes from.</param>
/// <param name="IsReadOnly">Whether it changes by a restart only.</param>
/// <param name="IsSensitive">Whether it is a secret.</param>
/// <param name="Type">Its type.</param>
/// <param name="Documentation">What it means; null where the key is not known.</param>
/// <param name="Synonyms">Everywhere it is set, the strongest first.</param>
public sealed record DescribedConfig(
    string Name, string? Value, ConfigSource Source, bool IsReadOnly, bool IsSensitive, ConfigType Type, string? Documentation, IReadOnlyList<ConfigSynonym> Synonyms);
