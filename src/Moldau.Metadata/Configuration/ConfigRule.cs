using System.Globalization;

namespace Moldau.Metadata.Configuration;

/// <summary>What values a key takes beyond its type.</summary>
/// <param name="text">The rule as Kafka prints it.</param>
/// <param name="objection">What is wrong with a value; null when nothing is.</param>
internal sealed class ConfigRule(string text, Func<object?, string?> objection)
{
    /// <summary>The rule as Kafka prints it.</summary>
    public string Text { get; } = text;

    /// <summary>What is wrong with a value; null when nothing is.</summary>
    public string? Objection(object? value) => objection(value);

    public static ConfigRule AtLeast(double minimum) => new($"[{Number(minimum)},...]", value =>
        value is null || Convert.ToDouble(value, CultureInfo.InvariantCulture) >= minimum ? null : $"Value must be at least {Number(minimum)}");

    public static ConfigRule Between(double minimum, double maximum) => new($"[{Number(minimum)},...,{Number(maximum)}]", value => Outside(value, minimum, maximum));

    /// <summary>gzip's levels: a range, or -1 for the library's default.</summary>
    public static ConfigRule BetweenOr(double minimum, double maximum, int other) => new($"[{Number(minimum)},...,{Number(maximum)}] or {other}", value =>
        Convert.ToDouble(value, CultureInfo.InvariantCulture) == other || Outside(value, minimum, maximum) is null
            ? null
            : $"Value must be between {Number(minimum)} and {Number(maximum)}, or {other}");

    public static ConfigRule OneOf(params string[] values) => new($"[{string.Join(", ", values)}]", value =>
        value is string text && values.Contains(text, StringComparer.Ordinal) ? null : $"String must be one of: {string.Join(", ", values)}");

    public static ConfigRule OneOfIgnoringCase(params string[] values) => new($"(case insensitive) [{string.Join(", ", values)}]", value =>
        value is string text && values.Contains(text, StringComparer.OrdinalIgnoreCase) ? null : $"String must be one of (case insensitive): {string.Join(", ", values)}");

    public static ConfigRule NonEmpty { get; } = new("non-empty string", value => value is "" ? "String must be non-empty" : null);

    public static ConfigRule NonNull { get; } = new("non-null string", value => value is null ? "Value must be non-null" : null);

    /// <summary>No entry of the list twice, and no empty one.</summary>
    public static ConfigRule DistinctList { get; } = new("", value => ListObjection(value));

    /// <summary>As <see cref="DistinctList"/>, and not empty when given.</summary>
    public static ConfigRule NonEmptyList { get; } = new("non-empty list", value =>
        value is IReadOnlyList<string> { Count: 0 } ? "List must not be empty" : ListObjection(value));

    /// <summary>A list of known words.</summary>
    public static ConfigRule ListOf(bool emptyAllowed, params string[] values) => new($"[{string.Join(", ", values)}]", value =>
    {
        IReadOnlyList<string> list = value as IReadOnlyList<string> ?? [];
        if (list.Count == 0) return emptyAllowed ? null : $"List must not be empty; it takes: {string.Join(", ", values)}";
        string? unknown = list.FirstOrDefault(entry => !values.Contains(entry, StringComparer.Ordinal));
        return unknown is null ? ListObjection(value) : $"'{unknown}' is not one of: {string.Join(", ", values)}";
    });

    /// <summary><c>*</c>, or pairs of partition and broker.</summary>
    public static ConfigRule ThrottledReplicas { get; } = new("[partitionId]:[brokerId],[partitionId]:[brokerId],...", value =>
    {
        IReadOnlyList<string> list = value as IReadOnlyList<string> ?? [];
        bool good = list.Count == 0 || list is ["*"] || list.All(IsPair);
        return good ? null : "Value must be '*' or pairs of numbers, [partitionId]:[brokerId], separated by commas";
    });

    /// <summary>Offset reset of share groups: a word, or how far back.</summary>
    public static ConfigRule OffsetReset { get; } = new("[latest, earliest, by_duration:PnDTnHnMn.nS]", value =>
    {
        if (value is "latest" or "earliest") return null;
        const string prefix = "by_duration:";
        return value is string text && text.StartsWith(prefix, StringComparison.Ordinal) && IsPositiveDuration(text[prefix.Length..])
            ? null
            : "Value must be latest, earliest, or by_duration: and an ISO-8601 duration such as P3DT4H";
    });

    private static string? ListObjection(object? value)
    {
        if (value is not IReadOnlyList<string> list) return null;
        if (list.Any(entry => entry.Length == 0)) return "List must not hold empty entries";
        return list.Distinct(StringComparer.Ordinal).Count() == list.Count ? null : "List must not hold an entry twice";
    }

    private static string? Outside(object? value, double minimum, double maximum)
    {
        double number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
        return number < minimum ? $"Value must be at least {Number(minimum)}" : number > maximum ? $"Value must be no more than {Number(maximum)}" : null;
    }

    private static bool IsPair(string text)
    {
        int colon = text.IndexOf(':');
        return colon > 0
            && int.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out _)
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _);
    }

    private static bool IsPositiveDuration(string text)
    {
        try
        {
            return System.Xml.XmlConvert.ToTimeSpan(text) >= TimeSpan.Zero;
        }
        catch (FormatException)
        {
            return false;
        }
        catch (OverflowException)
        {
            return false;
        }
    }

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
