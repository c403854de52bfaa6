using System.IO.Compression;
using System.Text.Json;
using Moldau.Protocol.Messages;

namespace Moldau.Protocol.Tests.Messages;

/// <summary>The golden cases of plain messages in a folder, one after the other.</summary>
internal static class GoldenLines
{
    public static IEnumerable<(MessageSchema Schema, short Version, byte[] Bytes)> Messages(string folder)
    {
        foreach (string path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            if (!path.EndsWith(".jsonl", StringComparison.Ordinal) && !path.EndsWith(".jsonl.gz", StringComparison.Ordinal)) continue;
            using Stream file = File.OpenRead(path);
            using Stream plain = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
            using var lines = new StreamReader(plain);
            while (lines.ReadLine() is { } line)
            {
                using JsonDocument document = JsonDocument.Parse(line);
                JsonElement root = document.RootElement;
                if (!root.TryGetProperty("m", out JsonElement name) || !root.TryGetProperty("variant", out _)) continue;
                MessageSchema schema = MessageCatalog.Create(name.GetString()!)!.Schema;
                yield return (schema, root.GetProperty("v").GetInt16(), Convert.FromHexString(root.GetProperty("hex").GetString()!));
            }
        }
    }
}
