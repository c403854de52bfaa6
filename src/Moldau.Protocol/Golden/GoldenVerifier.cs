using System.IO.Compression;
using System.Text.Json;

namespace Moldau.Protocol.Golden;

/// <summary>Checks one file of golden cases and counts what it finds.</summary>
public delegate void GoldenFileCheck(TextReader lines, GoldenCount count);

/// <summary>
/// Runs golden cases, one JSON object a line, through the protocol: message bytes, whole frames, what a writer refuses, what a reader makes of damaged bytes.
/// Files are read as streams, plain (<c>.jsonl</c>) or gzipped (<c>.jsonl.gz</c>).
/// </summary>
public sealed class GoldenVerifier
{
    /// <summary>Checks for files of other forms, by file name without <c>.gz</c>.</summary>
    public IDictionary<string, GoldenFileCheck> FileChecks { get; } = new Dictionary<string, GoldenFileCheck>(StringComparer.Ordinal);

    /// <summary>Runs every file of a folder, in order of name.</summary>
    /// <exception cref="IOException">The folder or a file cannot be read.</exception>
    public GoldenReport Run(string folder)
    {
        var counts = new List<GoldenCount>();
        foreach (string path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            if (path.EndsWith(".jsonl", StringComparison.Ordinal) || path.EndsWith(".jsonl.gz", StringComparison.Ordinal)) counts.Add(RunFile(path));
        }

        return new GoldenReport(counts);
    }

    /// <summary>Runs one file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public GoldenCount RunFile(string path)
    {
        bool gzipped = path.EndsWith(".gz", StringComparison.Ordinal);
        string name = Path.GetFileName(gzipped ? path[..^3] : path);
        using Stream file = File.OpenRead(path);
        using Stream plain = gzipped ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var lines = new StreamReader(plain);
        var count = new GoldenCount(name);
        if (FileChecks.TryGetValue(name, out GoldenFileCheck? check)) check(lines, count);
        else RunLines(lines, count);
        return count;
    }

    private static void RunLines(TextReader lines, GoldenCount count)
    {
        for (int number = 1; lines.ReadLine() is { } line; number++)
        {
            if (line.Length == 0) continue;
            using JsonDocument document = ParseLine(line, number, count);
            JsonElement root = document.RootElement;
            if (!root.TryGetProperty("m", out JsonElement name))
            {
                count.AddUnknown();
                continue;
            }

            string? fault = GoldenCase.Fault(root, out bool stricter);
            if (stricter) count.AddStricter();
            else if (fault is null) count.AddRight();
            else count.AddWrong($"{count.File}:{number} {name} v{root.GetProperty("v")}: {fault}");
        }
    }

    private static JsonDocument ParseLine(string line, int number, GoldenCount count)
    {
        try
        {
            return JsonDocument.Parse(line);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{count.File}:{number} is not JSON: {error.Message}", error);
        }
    }
}
