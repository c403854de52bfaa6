using System.Globalization;

namespace Moldau.Metadata.Configuration;

/// <summary>Text forms of configuration values, as Kafka reads and prints them.</summary>
internal static class ConfigText
{
    public static bool Bool(string key, string text) =>
        text.Equals("true", StringComparison.OrdinalIgnoreCase) ? true
        : text.Equals("false", StringComparison.OrdinalIgnoreCase) ? false
        : throw new ConfigException(key, text, "Expected value to be either true or false");

    public static int Int(string key, string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) ? value : throw NotANumber(key, text, "INT");

    public static short Short(string key, string text) =>
        short.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out short value) ? value : throw NotANumber(key, text, "SHORT");

    public static long Long(string key, string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) ? value : throw NotANumber(key, text, "LONG");

    public static double Double(string key, string text) =>
        TryDouble(text, out double value) ? value : throw NotANumber(key, text, "DOUBLE");

    public static IReadOnlyList<string> List(string text) => text.Length == 0 ? [] : text.Split(',', StringSplitOptions.TrimEntries);

    public static bool TryDouble(string text, out double value) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    public static bool TryWhole(string text, out long value) => long.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    /// <summary>A double as Java prints it: <c>1.0</c>, <c>0.5</c>, <c>1.0E-5</c>, <c>1.7976931348623157E308</c>. From 0.001 up to 10,000,000 it does without an exponent.</summary>
    public static string JavaDouble(double value)
    {
        if (!double.IsFinite(value)) return value.ToString(CultureInfo.InvariantCulture);
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        if (value == 0 || Math.Abs(value) is >= 1e-3 and < 1e7) return text.Contains('.') ? text : text + ".0";
        string sign = value < 0 ? "-" : "";
        string[] parts = text[sign.Length..].Split('E');
        int point = parts[0].IndexOf('.') is >= 0 and var at ? at : parts[0].Length;
        string digits = parts[0].Replace(".", "", StringComparison.Ordinal);
        int zeros = digits.Length - digits.TrimStart('0').Length;
        int exponent = point - zeros - 1 + (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0);
        digits = digits.Trim('0');
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{digits[0]}.{(digits.Length > 1 ? digits[1..] : "0")}E{exponent}");
    }

    private static ConfigException NotANumber(string key, string text, string type) => new(key, text, $"Not a number of type {type}");
}
