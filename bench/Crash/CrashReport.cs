using System.Globalization;
using Moldau.Crash.Clients;

namespace Moldau.Crash;

/// <summary>One death and one return.</summary>
internal sealed record CrashRound(int Number, TimeSpan Load, long Acknowledged, bool KilledAgain, TimeSpan Serving)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"round {Number}: killed after {Load.TotalMilliseconds:0} ms{(KilledAgain ? " and again while it started" : "")}, {Acknowledged} acknowledged, serving after {Serving.TotalMilliseconds:0} ms");
}

/// <summary>What a client was owed and got.</summary>
internal sealed record ClientResult(string Name, bool IsIdempotent, long Acknowledged, long InLog, long Duplicates);

/// <summary>The outcome of a run.</summary>
internal sealed record CrashReport(IReadOnlyList<CrashRound> Rounds, IReadOnlyList<ClientResult> Clients, CleaningEvidence Cleaning, IReadOnlyList<string> Findings, int ViolationCount, IReadOnlyList<string> Violations)
{
    public static ClientResult ResultOf(CrashClient client) => new(
        client.Name, client.IsIdempotent, client.Acknowledged, client.Ledgers.Sum(ledger => ledger.Records), client.Ledgers.Sum(ledger => ledger.Duplicates));

    public void Print(TextWriter output)
    {
        output.WriteLine();
        output.WriteLine("| client | idempotent | acknowledged | in the log | duplicates |");
        output.WriteLine("|---|---|---:|---:|---:|");
        foreach (ClientResult client in Clients)
            output.WriteLine($"| {client.Name} | {(client.IsIdempotent ? "yes" : "no")} | {client.Acknowledged} | {client.InLog} | {client.Duplicates} |");
        output.WriteLine();
        if (Rounds.Count > 0)
        {
            double[] serving = [.. Rounds.Select(round => round.Serving.TotalMilliseconds).Order()];
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{Rounds.Count} rounds; serving again after {serving[serving.Length / 2]:0} ms (median), {serving[^1]:0} ms (longest)"));
        }

        foreach (string finding in Findings) output.WriteLine(finding);
        foreach (string violation in Violations) output.WriteLine($"VIOLATION {violation}");
        if (ViolationCount > Violations.Count) output.WriteLine($"and {ViolationCount - Violations.Count} more");
        output.WriteLine($"{ViolationCount} violations");
    }
}
