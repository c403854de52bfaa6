using Moldau.Load.Compare.Brokers;
using Moldau.Load.Compare.Cells;
using Moldau.Load.Compare.Report;
using Moldau.Load.Compare.Runs;
using Moldau.Load.Startup;
using Moldau.Processes;

namespace Moldau.Load.Compare;

/// <summary>Moldau and Apache Kafka, one after the other, under the same load on the same machine; and a report of it.</summary>
internal static class CompareBench
{
    // What Kafka's own scripts give the server's virtual machine beside its heap.
    private const string KafkaOptions = "-server -XX:MaxGCPauseMillis=20 -XX:InitiatingHeapOccupancyPercent=35 -XX:+ExplicitGCInvokesConcurrent";

    /// <returns>The exit code: 1 when a run is void.</returns>
    public static async Task<int> RunAsync(CompareOptions options)
    {
        IReadOnlyList<Cell> cells = CellCatalog.Chosen(options.Cells, options.Driver);
        KafkaPeer? peer = KafkaPeer.FindAt(options.Peer)?.WithServer(ComparisonTable.KafkaHeap, KafkaOptions);
        if (options.Peer != null && peer == null) throw new LoadUsageException($"no Apache Kafka with Java at {options.Peer}");
        List<Contender> contenders = [Contender.Moldau(options.Executable ?? await PublishedNode.MakeAsync())];
        string state = Pressure.Require(options.IsBusyAccepted ? Pressure.Now() : await Pressure.CalmAsync(), options.IsBusyAccepted);
        if (peer != null) contenders.Add(Contender.Kafka(peer));

        var soak = TimeSpan.FromMinutes(options.SoakMinutes);
        CellScale scale = (options.IsQuick ? CellScale.Quick(soak) : CellScale.Of(options.Gibibytes, soak)) with { Tools = peer };
        var log = new RunLog(options.Runs);
        string measured = $"{Machine.Describe()}; commit {Machine.Commit(RepositoryFolder.Root)}; {state}{(options.IsQuick ? "; quick: no figure means anything" : "")}";
        Dictionary<string, CellResult> results = [];
        await new Comparison(contenders, cells, scale, log).RunAsync(
            options.Runs, done => results = ResultStore.Merge(FromRoot(options.Json), log.Results(cells, measured, done)));
        string table = ComparisonTable.Render(results, CellCatalog.All, peer?.Version);
        Console.WriteLine();
        Console.WriteLine(table);
        if (FromRoot(options.Results) is { } page) ResultsFile.Write(page, "compare", table);
        return log.HasVoids ? 1 : 0;
    }

    private static string? FromRoot(string? path) => path == null ? null : Path.Combine(RepositoryFolder.Root, path);
}
