using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Moldau.Output;

/// <summary>JSON on the standard output.</summary>
internal static class JsonText
{
    // Text is for terminals and pipes, not for web pages: letters stay letters.
    private static readonly JsonWriterOptions Indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(JsonNode node) => Write(writer => node.WriteTo(writer));

    public static void Write(Action<Utf8JsonWriter> write)
    {
        using Stream target = Console.OpenStandardOutput();
        using (var writer = new Utf8JsonWriter(target, Indented)) write(writer);
        target.WriteByte((byte)'\n');
    }

    public static JsonArray Array(IEnumerable<int> numbers)
    {
        var array = new JsonArray();
        foreach (int number in numbers) array.Add((JsonNode)number);
        return array;
    }

    public static JsonArray Array(IEnumerable<string> texts)
    {
        var array = new JsonArray();
        foreach (string text in texts) array.Add((JsonNode?)text);
        return array;
    }
}
