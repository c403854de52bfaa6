namespace Moldau.Processes;

/// <summary>The last lines that a process said. Any thread may add.</summary>
internal sealed class LogTail
{
    private readonly Lock _lock = new();
    private readonly Queue<string> _lines = new();

    public string Text
    {
        get { lock (_lock) return string.Join('\n', _lines); }
    }

    public void Add(string? line)
    {
        if (line == null) return;
        lock (_lock)
        {
            if (_lines.Count == Limits.LogTailLines) _lines.Dequeue();
            _lines.Enqueue(line);
        }
    }
}
