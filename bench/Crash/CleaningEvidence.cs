using System.Globalization;
using Moldau.Crash.Clients;
using Moldau.Crash.Ledgers;

namespace Moldau.Crash;

/// <summary>What of cleaning and retention was seen from outside: a run in which neither happened proves nothing about them.</summary>
internal sealed class CleaningEvidence(string dataFolder, IReadOnlyList<CrashClient> clients)
{
    private readonly CompactedLedger[] _compacted = [.. clients.SelectMany(client => client.Ledgers).OfType<CompactedLedger>()];
    private readonly RetainedLedger[] _retained = [.. clients.SelectMany(client => client.Ledgers).OfType<RetainedLedger>()];
    private readonly Dictionary<string, long> _cleanedTo = [];

    /// <summary>Looks that found the cleaner's checkpoint of a partition further on.</summary>
    public int CleanerAdvances { get; private set; }

    /// <summary>Readings that found the start of a log further on.</summary>
    public int StartAdvances => _retained.Sum(ledger => ledger.Advances);

    /// <summary>Records of compacted logs that are no longer there.</summary>
    public long RecordsCleaned => _compacted.Sum(ledger => ledger.Gone);

    /// <summary>Records that stood below the starts of logs.</summary>
    public long RecordsRetired => _retained.Sum(ledger => ledger.Start);

    /// <summary>Whether every compacted log was cleaned and every limited one was cut.</summary>
    public bool IsWhole => _compacted.All(ledger => ledger.Gone > 0) && _retained.All(ledger => ledger.Start > 0) && (_compacted.Length == 0 || CleanerAdvances > 0);

    /// <summary>Looks at the file in which a cleaner keeps how far it is.</summary>
    public void Look()
    {
        string path = Path.Combine(dataFolder, "cleaner-offset-checkpoint");
        if (_compacted.Length == 0 || !File.Exists(path)) return;
        foreach (string[] line in File.ReadLines(path).Select(line => line.Split(' ')).Where(line => line.Length == 3))
        {
            string name = $"{line[0]}-{line[1]}";
            long cleanedTo = long.Parse(line[2], CultureInfo.InvariantCulture);
            if (_compacted.All(ledger => ledger.Name != name) || cleanedTo <= _cleanedTo.GetValueOrDefault(name)) continue;
            _cleanedTo[name] = cleanedTo;
            CleanerAdvances++;
        }
    }

    public override string ToString() =>
        $"cleaning: the checkpoint moved {CleanerAdvances} times, {RecordsCleaned} records were cleaned away; retention: the log start moved {StartAdvances} times, {RecordsRetired} records are below it";
}
