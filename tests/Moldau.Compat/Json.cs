using System.Text.Json;
using Moldau.Processes;

namespace Moldau.Compat;

/// <summary>What a script of a client tells: its last line of output is one JSON value.</summary>
internal static class Json
{
    public static JsonElement LastLine(Finished finished) => JsonDocument.Parse(finished.Succeeded().Lines[^1]).RootElement;

    public static string[] Strings(string path) => JsonSerializer.Deserialize<string[]>(File.ReadAllText(path)) ?? [];

    public static string[] Strings(this JsonElement value, string property) =>
        [.. value.GetProperty(property).EnumerateArray().Select(element => element.ToString())];
}
