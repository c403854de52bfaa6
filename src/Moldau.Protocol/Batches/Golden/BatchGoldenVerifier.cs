using System.Text.Json;
using Moldau.Protocol.Golden;

namespace Moldau.Protocol.Batches.Golden;

/// <summary>
/// Runs golden files of record batches: <c>batches.jsonl</c> (batches as they are decoded), and <c>bad-batches.jsonl</c> and <c>compression.jsonl</c> (odd batches,
/// what a reader and what a node says of them). One case is one line, so one wrong detail makes the line wrong. An answer that is stricter
/// than Kafka's by one of <see cref="StricterRule"/> is right, and counted.
/// </summary>
public sealed class BatchGoldenVerifier
{
    private const string Decoded = "batches.jsonl";

    private readonly SortedDictionary<StricterRule, int> stricter = [];

    /// <summary>The files that hold cases for this verifier.</summary>
    public static IReadOnlyList<string> FileNames { get; } = [Decoded, "bad-batches.jsonl", "compression.jsonl"];

    /// <summary>How often an answer was right by being stricter, by rule.</summary>
    public IReadOnlyDictionary<StricterRule, int> Stricter => stricter;

    /// <summary>Lets <paramref name="verifier"/> run the files of record batches too.</summary>
    public void AddTo(GoldenVerifier verifier)
    {
        foreach (string name in FileNames) verifier.FileChecks[name] = Verify;
    }

    /// <summary>Runs the cases of one of <see cref="FileNames"/>, one JSON object a line.</summary>
    /// <exception cref="InvalidDataException">A line is not JSON.</exception>
    public void Verify(TextReader lines, GoldenCount count)
    {
        Invariant.That(FileNames.Contains(count.File));
        for (int number = 1; lines.ReadLine() is { } line; number++)
        {
            if (line.Length == 0) continue;
            using JsonDocument document = Parse(line, number, count.File);
            JsonElement root = document.RootElement;
            string? difference = count.File == Decoded ? GoldenBatch.Difference(root) : OddCase(root);
            if (difference is null) count.AddRight();
            else count.AddWrong($"{count.File}:{number} {root.GetProperty("name").GetString()}: {difference}");
        }
    }

    private string? OddCase(JsonElement root)
    {
        // Where only the length matters there are no bytes, and null records never reach a batch.
        if (!root.TryGetProperty("hex", out JsonElement hex) || hex.ValueKind == JsonValueKind.Null) return null;
        byte[] bytes = Convert.FromHexString(hex.GetString()!);
        string? difference = root.TryGetProperty("read", out JsonElement read) ? GoldenRead.Difference(bytes, read) : null;
        if (difference is not null) return $"read: {difference}";
        difference = GoldenProduce.Difference(bytes, root, out StricterRule rule);
        if (difference is not null) return $"produce: {difference}";
        if (rule != StricterRule.None) stricter[rule] = stricter.GetValueOrDefault(rule) + 1;
        return null;
    }

    private static JsonDocument Parse(string line, int number, string file)
    {
        try
        {
            return JsonDocument.Parse(line);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{file}:{number} is not JSON: {error.Message}", error);
        }
    }
}
