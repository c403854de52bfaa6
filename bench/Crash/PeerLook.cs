using Moldau.Crash.Clients;
using Moldau.Crash.Ledgers;
using Moldau.Processes;

namespace Moldau.Crash;

/// <summary>Apache Kafka looks at what the node left: its dump tool at every batch, its server at the whole directory.</summary>
internal sealed class PeerLook(KafkaPeer? peer, Violations violations)
{
    private const int FilesAtOnce = 200;

    /// <returns>What was found, in words; one line says so when Kafka is not here.</returns>
    public async Task<List<string>> LookAsync(NodeSetup setup, CrashClient[] clients, CancellationToken token)
    {
        if (peer == null) return [$"Apache Kafka did not look at the data: {KafkaPeer.Absence}"];
        long batches = await DumpAsync(setup, token);
        long records = await ServeAsync(setup, clients, token);
        return [$"Apache Kafka's dump tool found {batches} batches, all valid", $"Apache Kafka opened the directory and served {records} records, all of them as they were"];
    }

    private async Task<long> DumpAsync(NodeSetup setup, CancellationToken token)
    {
        long valid = 0;
        void OnLine(string line)
        {
            if (line.Contains("isvalid: true", StringComparison.Ordinal)) valid++;
            else if (line.Contains("isvalid: false", StringComparison.Ordinal)) violations.Add($"dump-log: {line}");
            else if (line.StartsWith("Mismatches", StringComparison.Ordinal) || line.StartsWith("Found ", StringComparison.Ordinal)) violations.Add($"dump-log: {line}");
        }

        string[] files = [.. Directory.EnumerateFiles(setup.DataFolder, "*.log", SearchOption.AllDirectories).Where(file => new FileInfo(file).Length > 0)];
        foreach (string[] some in files.Chunk(FilesAtOnce))
        {
            int exitCode = await ChildProcess.ReadLinesAsync(
                peer!.DescribeTool(["dump-log", "--deep-iteration", "--files", string.Join(',', some)]), OnLine, Limits.PeerLook, token);
            if (exitCode != 0) violations.Add($"dump-log ended with exit code {exitCode}");
        }

        if (valid == 0) violations.Add("dump-log found no batch");
        return valid;
    }

    private async Task<long> ServeAsync(NodeSetup setup, CrashClient[] clients, CancellationToken token)
    {
        long records = 0;
        try
        {
            await using NodeProcess kafka = await NodeProcess.StartedAsync(peer!, setup, token);
            var reader = new LogReader(setup.Bootstrap);
            foreach (Ledger ledger in clients.SelectMany(client => client.Ledgers))
            {
                ledger.CompareWhole(reader, "Apache Kafka", token);
                records += ledger.Records;
            }

            await kafka.StopAsync();
        }
        catch (ProgramFailedException failure)
        {
            violations.Add($"Apache Kafka did not open the directory: {failure.Message}");
        }

        return records;
    }
}
