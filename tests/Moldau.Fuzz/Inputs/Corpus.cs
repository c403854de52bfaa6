using System.Text.Json;

namespace Moldau.Fuzz.Inputs;

/// <summary>
/// Inputs that are kept: the golden cases of the protocol's tests, and <c>corpus/found.tsv</c>, where each line is the name of a target, a tab, and bytes in
/// hexadecimal that once broke it.
/// </summary>
internal static class Corpus
{
    /// <summary>What once was a finding: replayed in every run.</summary>
    public static IEnumerable<(string Target, byte[] Bytes)> Found() =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "corpus", "found.tsv"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split('\t')).Select(parts => (parts[0], Convert.FromHexString(parts[1])));

    /// <summary>The golden batches, of all formats.</summary>
    public static IReadOnlyList<byte[]> GoldenBatches() => [.. Lines(Path.Combine("records", "batches.jsonl")).Select(Hex)];

    /// <summary>The golden messages with their target's name.</summary>
    public static ILookup<string, byte[]> GoldenMessages() => Lines("messages.jsonl").ToLookup(line => $"{line.GetProperty("m")}.{line.GetProperty("v")}", Hex);

    private static byte[] Hex(JsonElement line) => Convert.FromHexString(line.GetProperty("hex").GetString()!);

    private static IEnumerable<JsonElement> Lines(string file) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "golden", file)).Where(line => line.Length > 0).Select(line => JsonDocument.Parse(line).RootElement);
}
