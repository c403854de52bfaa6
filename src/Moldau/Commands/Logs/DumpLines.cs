using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Moldau.Output;
using Moldau.Storage.Inspection;

namespace Moldau.Commands.Logs;

/// <summary>One JSON object a line, each with the file it is of.</summary>
internal sealed class DumpLines : IDumpOutput
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly BufferedStream target = new(Console.OpenStandardOutput(), 64 * 1024);
    private string file = "";

    public bool HasDamage { get; private set; }

    public void Begin(in DataFile opened)
    {
        file = opened.Path;
        Write("file", new JsonObject { ["kind"] = opened.Kind.ToString(), ["bytes"] = opened.Bytes });
    }

    public void Row(DumpRow row) => Write(row.Type, row.Json);

    public void Note(string text) => Write("note", new JsonObject { ["text"] = text });

    public void Damage(FileDamage damage)
    {
        HasDamage = true;
        Write("damage", new JsonObject { ["position"] = damage.Position, ["problem"] = damage.Problem });
        target.Flush();
        Terminal.Error(damage.ToString());
    }

    public void Dispose() => target.Dispose();

    private void Write(string type, JsonObject fields)
    {
        using (var writer = new Utf8JsonWriter(target, Options))
        {
            writer.WriteStartObject();
            writer.WriteString("file", file);
            writer.WriteString("type", type);
            foreach ((string name, JsonNode? value) in fields)
            {
                writer.WritePropertyName(name);
                if (value is null) writer.WriteNullValue();
                else value.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        target.WriteByte((byte)'\n');
    }
}
