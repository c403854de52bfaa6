using Moldau.Output;

namespace Moldau.Commands;

/// <summary>Reads <c>key=value</c> from the command line.</summary>
internal static class Pairs
{
    public static KeyValuePair<string, string> Parse(string option, string text)
    {
        int equals = text.IndexOf('=');
        return equals > 0 ? new(text[..equals].Trim(), text[(equals + 1)..]) : throw new UsageException($"{option} {text}: KEY=VALUE is needed");
    }

    public static Dictionary<string, string> ParseAll(string option, IEnumerable<string> texts)
    {
        Dictionary<string, string> pairs = new(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            (string key, string value) = Parse(option, text);
            pairs[key] = value;
        }

        return pairs;
    }
}
