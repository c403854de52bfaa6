using System.Text.Json.Nodes;
using Moldau.Output;
using Moldau.Storage.Inspection;

namespace Moldau.Commands.Logs;

/// <summary>Where a dump goes: lines of JSON, or tables.</summary>
internal interface IDumpOutput : IDisposable
{
    /// <summary>Whether any damage was reported.</summary>
    bool HasDamage { get; }

    /// <summary>What follows is of this file.</summary>
    void Begin(in DataFile file);

    /// <summary>A thing in the file.</summary>
    void Row(DumpRow row);

    /// <summary>A remark on the file.</summary>
    void Note(string text);

    /// <summary>Something in the file is wrong.</summary>
    void Damage(FileDamage damage);
}

/// <summary>A thing in a file, for programs and for people.</summary>
/// <param name="Type">What it is: <c>batch</c>, <c>record</c>, ...</param>
/// <param name="Json">All of it.</param>
/// <param name="Columns">The columns of its table; rows with the same array stand in one table.</param>
/// <param name="Cells">What a person wants of it.</param>
internal readonly record struct DumpRow(string Type, JsonObject Json, Column[] Columns, JsonNode?[] Cells);
