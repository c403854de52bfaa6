namespace Moldau.Protocol.Messages;

/// <summary>A line of a schema file, cut into words.</summary>
internal sealed class SchemaLine
{
    private static readonly char[] Blanks = [' '];
    private int next;

    public SchemaLine(int number, string text)
    {
        Number = number;
        int mark = text.IndexOf('#');
        Comment = mark < 0 ? null : text.Substring(mark + 1).Trim();
        Code = (mark < 0 ? text : text.Substring(0, mark)).TrimEnd();
        Indent = Code.Length - Code.TrimStart(' ').Length;
        Words = Code.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
    }

    public int Number { get; }

    public string Code { get; }

    public string? Comment { get; }

    public int Indent { get; }

    public string[] Words { get; }

    public bool IsBlank => Words.Length == 0;

    public bool AtEnd => next >= Words.Length;

    public string? Peek => AtEnd ? null : Words[next];

    public string Next(string what) => AtEnd ? throw Error($"{what} expected at the end of the line") : Words[next++];

    public bool TryTake(string word)
    {
        if (Peek != word) return false;
        next++;
        return true;
    }

    public VersionRange NextVersions(out string text)
    {
        text = Next("versions");
        return VersionRange.TryParse(text, out VersionRange range) ? range : throw Error($"'{text}' is not a version range such as 3+ or 0-14");
    }

    public SchemaException Error(string message) => new(Number, message);
}

/// <summary>A schema file that breaks the grammar. The generator makes a diagnostic of it.</summary>
internal sealed class SchemaException(int line, string message) : Exception(message)
{
    public int Line { get; } = line;
}
