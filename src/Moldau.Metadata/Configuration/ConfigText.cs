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
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : throw NotANumber(key, text, "DOUBLE");

    public static IReadOnlyList<string> List(string text) => text.Length == 0 ? [] : text.Split(',', StringSplitOptions.TrimEntries);

    /// <summary>A double as Java prints it: <c>1.0</c>, <c>0.5</c>, <c>1.7976931348623157E308</c>.</summary>
    public static string JavaDouble(double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        if (text.Contains('E')) return text.Replace("E+", "E", StringComparison.Ordinal);
        return text.Contains('.') ? text : text + ".0";
    }

    private static ConfigException NotANumber(string key, string text, string type) => new(key, text, $"Not a number of type {type}");
}
