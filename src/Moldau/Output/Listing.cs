using System.Text.Json.Nodes;
using Spectre.Console;

namespace Moldau.Output;

/// <summary>A column of a listing.</summary>
/// <param name="Title">For people.</param>
/// <param name="Name">The property in JSON, which does not change.</param>
/// <param name="IsNumber">Numbers stand at the right.</param>
internal readonly record struct Column(string Title, string Name, bool IsNumber = false);

/// <summary>Rows of values: a table for a person, tab-separated lines for a pipe, an array of objects with <c>--json</c>.</summary>
internal sealed class Listing(params Column[] columns)
{
    private readonly List<JsonNode?[]> rows = [];

    public int Count => rows.Count;

    public void Add(params JsonNode?[] cells)
    {
        Protocol.Invariant.That(cells.Length == columns.Length);
        rows.Add(cells);
    }

    /// <summary>The rows as JSON.</summary>
    public JsonArray ToJson()
    {
        var array = new JsonArray();
        foreach (JsonNode?[] row in rows)
        {
            var item = new JsonObject();
            for (int i = 0; i < columns.Length; i++) item.Add(columns[i].Name, row[i]);
            array.Add((JsonNode)item);
        }

        return array;
    }

    public void Write(bool json)
    {
        if (json) JsonText.Write(ToJson());
        else if (Console.IsOutputRedirected) WriteLines();
        else WriteTable();
    }

    /// <summary>As <see cref="Write"/> for a person or a pipe, never JSON: a part of a longer description.</summary>
    public void WriteText() => Write(json: false);

    private void WriteLines()
    {
        Console.Out.WriteLine(string.Join('\t', columns.Select(static column => column.Title)));
        foreach (JsonNode?[] row in rows) Console.Out.WriteLine(string.Join('\t', row.Select(static cell => Text(cell))));
    }

    private void WriteTable()
    {
        var table = new Table { Border = TableBorder.Rounded };
        foreach (Column column in columns)
        {
            var shown = new TableColumn(new Text(column.Title, new Style(decoration: Decoration.Bold)));
            table.AddColumn(column.IsNumber ? shown.RightAligned() : shown);
        }

        foreach (JsonNode?[] row in rows) table.AddRow([.. row.Select(static cell => new Text(Text(cell)))]);
        AnsiConsole.Write(table);
    }

    private static string Text(JsonNode? cell) => cell switch
    {
        null => "-",
        JsonArray list => list.Count == 0 ? "-" : string.Join(',', list.Select(Text)),
        JsonObject fields => fields.ToJsonString(),
        JsonValue value when value.TryGetValue(out string? text) => text,
        JsonValue value when value.TryGetValue(out bool flag) => flag ? "yes" : "no",
        _ => cell.ToJsonString(),
    };
}
