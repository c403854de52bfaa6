using Moldau.Output;
using Moldau.Storage.Inspection;

namespace Moldau.Commands.Logs;

/// <summary>
/// Tables, one for each kind of thing in a file, the file's name above them. A long file's rows come in several, so that memory stays small and something is
/// seen early.
/// </summary>
internal sealed class DumpTables : IDumpOutput
{
    private const int RowsMax = 500;
    private readonly List<(Column[] Columns, Listing Rows)> tables = [];

    public bool HasDamage { get; private set; }

    public void Begin(in DataFile file)
    {
        Flush();
        Console.Out.WriteLine();
        Console.Out.WriteLine($"{file.Path} ({file.Bytes} bytes)");
    }

    public void Row(DumpRow row)
    {
        Listing? rows = tables.Find(table => table.Columns == row.Columns).Rows;
        if (rows?.Count >= RowsMax) Flush();
        if (rows is null || rows.Count >= RowsMax) tables.Add((row.Columns, rows = new Listing(row.Columns)));
        rows.Add(row.Cells);
    }

    public void Note(string text)
    {
        Flush();
        Console.Out.WriteLine(text);
    }

    public void Damage(FileDamage damage)
    {
        HasDamage = true;
        Flush();
        Console.Out.Flush();
        Terminal.Error(damage.ToString());
    }

    public void Dispose() => Flush();

    private void Flush()
    {
        foreach ((_, Listing rows) in tables) rows.WriteText();
        tables.Clear();
    }
}
