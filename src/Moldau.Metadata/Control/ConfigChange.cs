using System.Collections.Immutable;

namespace Moldau.Metadata.Control;

/// <summary>What is done to a key; the numbers are those of the wire.</summary>
public enum ConfigOperation : sbyte
{
    /// <summary>Gives it a value.</summary>
    Set = 0,

    /// <summary>Gives it its default back.</summary>
    Delete = 1,

    /// <summary>Adds elements to a list.</summary>
    Append = 2,

    /// <summary>Takes elements off a list.</summary>
    Subtract = 3,
}

/// <summary>One operation on one key.</summary>
/// <param name="Name">The key.</param>
/// <param name="Operation">What is done; perhaps a number that is no operation.</param>
/// <param name="Value">The value; null with <see cref="ConfigOperation.Delete"/>.</param>
public readonly record struct ConfigChange(string Name, ConfigOperation Operation, string? Value);

/// <summary>The operations on one resource.</summary>
/// <param name="Resource">The resource; perhaps of a type that does not exist.</param>
/// <param name="Changes">One for each key.</param>
public sealed record ResourceChanges(ConfigResource Resource, ImmutableArray<ConfigChange> Changes);
