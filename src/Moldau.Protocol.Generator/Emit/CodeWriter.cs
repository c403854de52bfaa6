using System.Text;

namespace Moldau.Protocol.Generator;

/// <summary>Source text with indentation.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder text = new();
    private int depth;

    public void Line(string line = "")
    {
        if (line.Length > 0) text.Append(' ', depth * 4).Append(line);
        text.Append('\n');
    }

    /// <summary>Opens a block that <see cref="Close"/> ends.</summary>
    public void Open(string head)
    {
        Line(head);
        Line("{");
        depth++;
    }

    public void Close(string tail = "}")
    {
        depth--;
        Line(tail);
    }

    public void Summary(string words)
    {
        string[] lines = words.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Split('\n');
        if (lines.Length == 1) Line($"/// <summary>{lines[0]}</summary>");
        else
        {
            Line("/// <summary>");
            foreach (string line in lines) Line($"/// {line}");
            Line("/// </summary>");
        }
    }

    public override string ToString() => text.ToString();
}
