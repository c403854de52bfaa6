using System.Text.Encodings.Web;
using System.Text.Json;

namespace Moldau.Load.Compare.Report;

/// <summary>The figures of all cells, of this call and of earlier ones: a cell that is not measured again keeps what it had.</summary>
internal static class ResultStore
{
    private static readonly JsonSerializerOptions Form = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Adds results to what a file has; null: there is no file.</summary>
    public static Dictionary<string, CellResult> Merge(string? file, IReadOnlyDictionary<string, CellResult> results)
    {
        Dictionary<string, CellResult> all = file != null && File.Exists(file)
            ? JsonSerializer.Deserialize<Dictionary<string, CellResult>>(File.ReadAllText(file)) ?? []
            : [];
        foreach ((string cell, CellResult result) in results) all[cell] = result;
        if (file != null) File.WriteAllText(file, JsonSerializer.Serialize(all, Form) + "\n");
        return all;
    }
}
