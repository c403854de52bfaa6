using System.Globalization;
using System.Text;

namespace Moldau.Metadata.Configuration;

/// <summary>
/// Java's properties format, which Kafka's configuration files use: <c>key=value</c>, <c>key:value</c> or <c>key value</c>; lines that begin
/// with # or ! are comments; a backslash at a line's end continues it; \n, \t, \uXXXX and escaped separators.
/// </summary>
public static class PropertiesText
{
    /// <summary>Parses a whole file; a later line wins over an earlier one of the same key.</summary>
    /// <exception cref="FormatException">A malformed \u escape; names the line.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Parse(string text)
    {
        List<KeyValuePair<string, string>> pairs = [];
        Dictionary<string, int> seen = new(StringComparer.Ordinal);
        foreach ((string line, int number) in LogicalLines(text))
        {
            int end = KeyEnd(line);
            string key = Unescape(line[..end], number);
            string value = Unescape(line[ValueStart(line, end)..], number);
            if (seen.TryGetValue(key, out int index)) pairs[index] = new(key, value);
            else
            {
                seen[key] = pairs.Count;
                pairs.Add(new(key, value));
            }
        }

        return pairs;
    }

    private static IEnumerable<(string Line, int Number)> LogicalLines(string text)
    {
        StringBuilder whole = new();
        int number = 0, first = 0;
        foreach (string raw in text.ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            string line = raw.TrimStart(' ', '\t', '\f');
            if (whole.Length == 0)
            {
                if (line.Length == 0 || line[0] is '#' or '!') continue;
                first = number;
            }

            if (EndsWithBackslash(line))
            {
                whole.Append(line, 0, line.Length - 1);
                continue;
            }

            whole.Append(line);
            if (whole.Length > 0) yield return (whole.ToString(), first);
            whole.Clear();
        }

        if (whole.Length > 0) yield return (whole.ToString(), first);
    }

    private static bool EndsWithBackslash(string line)
    {
        int count = 0;
        while (count < line.Length && line[line.Length - 1 - count] == '\\') count++;
        return count % 2 == 1;
    }

    private static int KeyEnd(string line)
    {
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] == '\\') i++;
            else if (line[i] is '=' or ':' or ' ' or '\t' or '\f') return i;
        }

        return line.Length;
    }

    private static int ValueStart(string line, int end)
    {
        while (end < line.Length && line[end] is (' ' or '\t' or '\f')) end++;
        if (end < line.Length && line[end] is ('=' or ':')) end++;
        while (end < line.Length && line[end] is (' ' or '\t' or '\f')) end++;
        return end;
    }

    private static string Unescape(string text, int line)
    {
        if (!text.Contains('\\')) return text;
        StringBuilder plain = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || ++i == text.Length)
            {
                if (i < text.Length) plain.Append(text[i]);
                continue;
            }

            switch (text[i])
            {
                case 'n': plain.Append('\n'); break;
                case 't': plain.Append('\t'); break;
                case 'r': plain.Append('\r'); break;
                case 'f': plain.Append('\f'); break;
                case 'u':
                    if (i + 4 >= text.Length || !ushort.TryParse(text.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code))
                        throw new FormatException($"line {line}: \\u must be followed by four hexadecimal digits");
                    plain.Append((char)code);
                    i += 4;
                    break;
                default: plain.Append(text[i]); break;
            }
        }

        return plain.ToString();
    }
}
