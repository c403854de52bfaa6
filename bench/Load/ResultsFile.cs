namespace Moldau.Load;

/// <summary>A page of results in which each bench owns the lines between its two marks.</summary>
internal static class ResultsFile
{
    /// <summary>Replaces a bench's section, or adds it at the end.</summary>
    public static void Write(string path, string section, string text)
    {
        string begin = $"<!-- {section} -->", end = $"<!-- end of {section} -->";
        string page = File.Exists(path) ? File.ReadAllText(path) : "# Results\n";
        int from = page.IndexOf(begin, StringComparison.Ordinal), to = page.IndexOf(end, StringComparison.Ordinal);
        string block = $"{begin}\n{text.Trim()}\n{end}";
        File.WriteAllText(path, from >= 0 && to > from ? page[..from] + block + page[(to + end.Length)..] : $"{page.TrimEnd()}\n\n{block}\n");
    }
}
