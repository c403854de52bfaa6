using Moldau.Processes;

namespace Moldau.Load.Startup;

/// <summary>
/// Starts nodes on fresh folders, waits for the first record acknowledged with acks=all, leaves them idle, reads their memory, stops them
/// and starts them once more on what they left. Formatting the folder, a step of its own in Apache Kafka, is not counted there; Moldau does
/// it in its first start, and there it is.
/// </summary>
internal static class StartupBench
{
    public static async Task RunAsync(StartupOptions options)
    {
        List<NodeProgram> programs = [new MoldauProgram(options.Executable ?? (options.IsQuick ? MoldauProgram.BuiltExecutable() : await PublishedNode.MakeAsync()))];
        KafkaPeer? peer = KafkaPeer.FindAt(options.Peer);
        if (options.Peer != null && peer == null) throw new LoadUsageException($"no Apache Kafka with Java at {options.Peer}");
        if (peer != null) programs.Add(peer);

        var samples = programs.ToDictionary(program => program.Name, _ => new List<StartupSample>());
        for (int run = 1; run <= options.Runs; run++)
        {
            foreach (NodeProgram program in programs)
            {
                StartupSample sample = await MeasureAsync(program, options.Idle);
                samples[program.Name].Add(sample);
                Console.WriteLine($"{run}/{options.Runs} {program.Name}: {sample}");
            }
        }

        string table = StartupTable.Render(samples, options, peer?.Version);
        Console.WriteLine();
        Console.WriteLine(table);
        if (options.Results is { } page) ResultsFile.Write(Path.Combine(RepositoryFolder.Root, page), "startup", table);
    }

    private static async Task<StartupSample> MeasureAsync(NodeProgram program, TimeSpan idle)
    {
        string folder = Directory.CreateTempSubdirectory("moldau-load-").FullName;
        try
        {
            var setup = new NodeSetup(folder, FreePorts.NextPair());
            await program.PrepareAsync(setup, CancellationToken.None);
            await using var node = new NodeProcess(program, setup);
            node.Start();
            TimeSpan first = await node.ServingAsync(CancellationToken.None);
            await Task.Delay(idle);
            long resident = Machine.ResidentBytes(node.ProcessId);
            await node.StopAsync();
            node.Start();
            TimeSpan again = await node.ServingAsync(CancellationToken.None);
            await node.StopAsync();
            return new StartupSample(first, again, resident);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
