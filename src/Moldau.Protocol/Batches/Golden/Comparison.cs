using System.Text.Json;

namespace Moldau.Protocol.Batches.Golden;

/// <summary>Compares values with the properties of a golden object and keeps the first difference.</summary>
internal sealed class Comparison(JsonElement expected)
{
    /// <summary>The first difference in words; null while there is none.</summary>
    public string? First { get; private set; }

    public void Number(string name, long actual)
    {
        long wanted = expected.GetProperty(name).GetInt64();
        if (wanted != actual) First ??= $"{name} is {actual} instead of {wanted}";
    }

    public void OptionalNumber(string name, long? actual)
    {
        long? wanted = expected.TryGetProperty(name, out JsonElement value) ? value.GetInt64() : null;
        if (wanted != actual) First ??= $"{name} is {actual?.ToString() ?? "absent"} instead of {wanted?.ToString() ?? "absent"}";
    }

    public void Text(string name, string actual)
    {
        string? wanted = expected.GetProperty(name).GetString();
        if (wanted != actual) First ??= $"{name} is {actual} instead of {wanted}";
    }

    public void Flag(string name, bool actual)
    {
        if (expected.GetProperty(name).GetBoolean() != actual) First ??= $"{name} is {actual}";
    }
}
