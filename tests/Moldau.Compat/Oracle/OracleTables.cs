namespace Moldau.Compat.Oracle;

/// <summary>
/// What a Moldau node answers to raw requests, at every version that it serves, is what Apache Kafka answers. The requests are the tables of <c>cases</c>.
/// Each class has two nodes of its own; tables share them only where none sees what another leaves behind, so that their order does not matter.
/// </summary>
public abstract class OracleTables(OraclePair pair)
{
    private protected async Task AnswersAreAlikeAsync(string table)
    {
        Client.RequirePeer();
        using CancellationTokenSource deadline = Client.Deadline();
        List<string> differences = await pair.DifferencesAsync(OracleTable.Read(table), deadline.Token);
        if (differences.Count > 0) Assert.Fail($"{differences.Count} answers differ:\n{string.Join('\n', differences)}");
    }
}
