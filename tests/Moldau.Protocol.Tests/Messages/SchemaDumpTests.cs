using System.Text.Json;
using System.Text.Json.Nodes;
using Moldau.Protocol.Messages;

namespace Moldau.Protocol.Tests.Messages;

public sealed class SchemaDumpTests
{
    [Fact]
    public void The_dump_is_the_published_layouts_field_by_field()
    {
        var published = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(Facts.Layouts(), "*.json", SearchOption.AllDirectories))
        {
            JsonObject layout = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
            layout["kind"] = Path.GetFileName(Path.GetDirectoryName(file));
            published.Add(layout["name"]!.GetValue<string>(), layout);
        }

        var dumped = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (JsonNode? layout in Dump()) dumped.Add(layout!["name"]!.GetValue<string>(), layout.AsObject());
        var differences = new List<string>();
        foreach (string name in published.Keys.Union(dumped.Keys))
        {
            if (!published.TryGetValue(name, out JsonObject? due)) differences.Add($"{name}: not published");
            else if (!dumped.TryGetValue(name, out JsonObject? found)) differences.Add($"{name}: missing");
            else Compare(name, due, found, differences);
        }

        Assert.Empty(differences);
    }

    [Fact]
    public void Every_message_is_in_the_dump_once()
    {
        string[] names = [.. Dump().Select(layout => layout!["name"]!.GetValue<string>())];
        Assert.Equal(286, names.Length);
        Assert.Equal(names.Length, names.Distinct().Count());
    }

    private static JsonArray Dump()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream)) SchemaDump.Write(json);
        return JsonNode.Parse(stream.ToArray())!.AsArray();
    }

    private static void Compare(string path, JsonNode? due, JsonNode? found, List<string> differences)
    {
        if (due is JsonObject dueObject && found is JsonObject foundObject)
        {
            foreach (string name in dueObject.Select(pair => pair.Key).Union(foundObject.Select(pair => pair.Key)))
            {
                if (!foundObject.ContainsKey(name)) differences.Add($"{path}.{name}: missing");
                else if (!dueObject.ContainsKey(name)) differences.Add($"{path}.{name}: surplus");
                else Compare($"{path}.{name}", dueObject[name], foundObject[name], differences);
            }
        }
        else if (due is JsonArray dueArray && found is JsonArray foundArray && dueArray.Count == foundArray.Count)
        {
            for (int i = 0; i < dueArray.Count; i++) Compare($"{path}[{i}]", dueArray[i], foundArray[i], differences);
        }
        else if (!JsonNode.DeepEquals(due, found)) differences.Add($"{path}: {found?.ToJsonString() ?? "null"} where {due?.ToJsonString() ?? "null"} is due");
    }
}
