using System.Globalization;

namespace Moldau.Storage.Checkpoints;

/// <summary>The frame that Kafka's checkpoint files share: a version line, a count line, that many entries.</summary>
internal struct CheckpointLines(string path, string text)
{
    private int position;

    /// <summary>Reads version and count.</summary>
    public int Header()
    {
        string version = Next();
        if (version != "0") throw new CheckpointException(path, $"version '{version}' is not known");
        string line = Next();
        if (!int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out int count)) throw Malformed(line);
        return count;
    }

    /// <summary>The next line.</summary>
    public string Next()
    {
        if (position >= text.Length) throw new CheckpointException(path, "fewer entries than it counts");
        int end = text.IndexOf('\n', position);
        if (end < 0) end = text.Length;
        string line = text[position..end].TrimEnd('\r');
        position = end + 1;
        return line;
    }

    /// <summary>Nothing may follow.</summary>
    public readonly void End()
    {
        if (position < text.Length) throw new CheckpointException(path, "more entries than it counts");
    }

    /// <summary>The error for a line that is not an entry.</summary>
    public readonly CheckpointException Malformed(string line) => new(path, $"malformed line '{line}'");
}
