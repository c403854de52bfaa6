using System.Diagnostics;
using Moldau.Crash.Clients;
using Moldau.Crash.Ledgers;
using Moldau.Processes;

namespace Moldau.Crash;

/// <summary>
/// Producers of several kinds work through every round; the node is killed at a random moment and started again, every fourth time killed
/// once more while it starts. After each return, and once more for the whole log in the end, every acknowledged record must be there, or in
/// the topics that are cleaned meanwhile, what took its place.
/// </summary>
internal sealed class CrashRun(CrashOptions options, NodeProgram program, Action<string> tell)
{
    private const int KilledAgainEvery = 4;
    private readonly Violations _violations = new();
    private readonly Random _random = new(options.Seed);
    private readonly List<CrashRound> _rounds = [];

    public async Task<CrashReport> RunAsync(string folder, CancellationToken token)
    {
        KafkaPeer? peer = options.Peer == null ? KafkaPeer.Find() : KafkaPeer.FindAt(options.Peer);
        var setup = new NodeSetup(folder, FreePorts.NextPair()) { ByPropertiesFile = true, Settings = CrashTopics.NodeSettings };
        var kinds = new CrashClients(setup.Bootstrap, peer, _violations, options.Seed);
        CrashClient[] clients = [.. options.Clients.Select(kinds.Create), .. options.IsCleaning ? kinds.CreateCleaned() : []];
        var evidence = new CleaningEvidence(setup.DataFolder, clients);
        List<string> findings = [];
        await using (NodeProcess node = await NodeProcess.StartedAsync(program, setup, token))
        {
            try
            {
                await PrepareAsync(setup.Bootstrap, clients, token);
                foreach (CrashClient client in clients) client.Start();
                await EveryClientWorksAsync(clients, token);
                await RoundsAsync(node, clients, evidence, token);
                if (node.IsRunning) await CleaningSeenAsync(node, clients, evidence, token);
                if (node.IsRunning) await EndAsync(node, clients, token);
            }
            finally
            {
                foreach (CrashClient client in clients) await client.DisposeAsync();
            }
        }

        if (_violations.Count == 0) findings.AddRange(await new PeerLook(peer, _violations).LookAsync(setup, clients, token));
        if (options.IsCleaning) findings.Insert(0, evidence.ToString());
        return new CrashReport(_rounds, [.. clients.Select(CrashReport.ResultOf)], evidence, findings, _violations.Count, _violations.Kept);
    }

    private async Task PrepareAsync(string bootstrap, CrashClient[] clients, CancellationToken token)
    {
        _ = PackagedLibrdkafka.Version;
        await CrashTopics.CreateAsync(bootstrap, clients);
        if (options.PreloadMebibytes == 0) return;
        tell($"{options.PreloadMebibytes} MiB go into the log first");
        await Preload.FillAsync(bootstrap, options.PreloadMebibytes, token);
    }

    private async Task RoundsAsync(NodeProcess node, CrashClient[] clients, CleaningEvidence evidence, CancellationToken token)
    {
        var reader = new LogReader(node.Setup.Bootstrap);
        for (int number = 1; number <= options.Rounds && _violations.Count == 0; number++)
        {
            long before = clients.Sum(client => client.Acknowledged), startedAt = Stopwatch.GetTimestamp();
            await Task.Delay(_random.Next(100, 1200), token);
            await node.KillAsync();
            evidence.Look();
            TimeSpan load = Stopwatch.GetElapsedTime(startedAt);
            bool killedAgain = number % KilledAgainEvery == 0;
            if (killedAgain) await KillWhileStartingAsync(node, token);
            try
            {
                node.Start();
                TimeSpan serving = await node.ServingAsync(token);
                if (serving > options.ServingMax) _violations.Add($"round {number}: serving again took {serving.TotalMilliseconds:0} ms");
                foreach (Ledger ledger in LedgersOf(clients)) ledger.Catch(reader, token);
                var round = new CrashRound(number, load, clients.Sum(client => client.Acknowledged) - before, killedAgain, serving);
                _rounds.Add(round);
                tell(round.ToString());
            }
            catch (ProgramFailedException failure)
            {
                _violations.Add($"round {number}: {failure.Message}");
            }
        }
    }

    private async Task KillWhileStartingAsync(NodeProcess node, CancellationToken token)
    {
        node.Start();
        await Task.Delay(_random.Next(5, 400), token);
        await node.KillAsync();
    }

    // The load goes on until each cleaned topic has been cleaned: usually it has been by now, on a slow machine perhaps not.
    private async Task CleaningSeenAsync(NodeProcess node, CrashClient[] clients, CleaningEvidence evidence, CancellationToken token)
    {
        if (!options.IsCleaning || _violations.Count > 0) return;
        var reader = new LogReader(node.Setup.Bootstrap);
        for (long startedAt = Stopwatch.GetTimestamp(); ; await Task.Delay(Limits.CleaningPoll, token))
        {
            evidence.Look();
            foreach (Ledger ledger in LedgersOf(clients).Where(ledger => ledger is CompactedLedger or RetainedLedger)) ledger.Catch(reader, token);
            if (evidence.IsWhole) return;
            if (Stopwatch.GetElapsedTime(startedAt) <= Limits.CleaningSeen) continue;
            _violations.Add($"nothing was cleaned or cut in some topic: the run says nothing about it; {evidence}");
            return;
        }
    }

    private async Task EndAsync(NodeProcess node, CrashClient[] clients, CancellationToken token)
    {
        var reader = new LogReader(node.Setup.Bootstrap);
        foreach (CrashClient client in clients) await client.StopAsync(token);
        foreach (Ledger ledger in LedgersOf(clients))
        {
            ledger.Catch(reader, token);
            // What was judged round by round must still be there, all of it, as it was.
            ledger.CompareWhole(reader, program.Name, token);
        }

        int exitCode = await node.StopAsync();
        if (exitCode is not (0 or 143)) _violations.Add($"the node ended with exit code {exitCode} after SIGTERM:\n{node.Log}");
    }

    private static IEnumerable<Ledger> LedgersOf(CrashClient[] clients) => clients.SelectMany(client => client.Ledgers);

    private static async Task EveryClientWorksAsync(CrashClient[] clients, CancellationToken token)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(token);
        deadline.CancelAfter(Limits.ClientStart);
        while (clients.FirstOrDefault(client => client.Acknowledged == 0) is { } idle)
        {
            try
            {
                await Task.Delay(20, deadline.Token);
            }
            catch (OperationCanceledException) when (!token.IsCancellationRequested)
            {
                throw new ProgramFailedException($"{idle.Name} got no acknowledgement within {Limits.ClientStart}");
            }
        }
    }
}
