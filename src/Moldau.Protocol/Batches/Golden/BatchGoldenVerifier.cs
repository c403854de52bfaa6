using System.Text.Json;

namespace Moldau.Protocol.Batches.Golden;

/// <summary>
/// Runs golden files of record batches: <c>batches.jsonl</c> (batches as they are decoded), and <c>bad-batches.jsonl</c> and <c>compression.jsonl</c> (odd batches,
/// what a reader and what a node says of them). One case is one line, so one wrong detail makes the line wrong. An answer that is stricter
/// than Kafka's by one of <see cref="StricterRule"/> is right, and counted.
/// </summary>
public sealed class BatchGoldenVerifier
{
    private readonly List<string> described = [];
    private readonly SortedDictionary<StricterRule, int> stricter = [];

    /// <summary>Cases that came out as the file says.</summary>
    public int Right { get; private set; }

    /// <summary>Cases that did not.</summary>
    public int Wrong { get; private set; }

    /// <summary>The first wrong cases in words, at most <see cref="Limits.DescribedFaults"/>.</summary>
    public IReadOnlyList<string> Described => described;

    /// <summary>How often an answer was right by being stricter, by rule.</summary>
    public IReadOnlyDictionary<StricterRule, int> Stricter => stricter;

    /// <summary>Whether a file of this name holds cases for this verifier.</summary>
    public static bool Knows(string fileName) => fileName is "batches.jsonl" or "bad-batches.jsonl" or "compression.jsonl";

    /// <summary>Runs a file's cases and adds to the counts.</summary>
    public void VerifyFile(string path) => Verify(Path.GetFileName(path), File.ReadLines(path));

    /// <summary>Runs the cases of the file <paramref name="fileName"/>, one JSON object a line, and adds to the counts.</summary>
    public void Verify(string fileName, IEnumerable<string> lines)
    {
        Invariant.That(Knows(fileName));
        foreach (string line in lines)
        {
            if (line.Length == 0) continue;
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            string? difference = fileName == "batches.jsonl" ? GoldenBatch.Difference(root) : OddCase(root);
            if (difference is null)
            {
                Right++;
                continue;
            }

            Wrong++;
            if (described.Count < Limits.DescribedFaults) described.Add($"{fileName}: {root.GetProperty("name").GetString()}: {difference}");
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
}
