using System.Diagnostics;
using System.Globalization;
using System.Text;
using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Client.Producing;
using Moldau.Load.Startup;
using Moldau.Processes;
using Moldau.Protocol;

namespace Moldau.Load.Partitions;

/// <summary>What many partitions cost a node: time to make, list, fill and restart them, and files, memory and processor time while they do nothing.</summary>
internal static class PartitionsBench
{
    // Long enough for the compiler to have done with what the load has left it: that is no idle time.
    private static readonly TimeSpan BeforeIdle = TimeSpan.FromSeconds(20);

    public static async Task RunAsync(PartitionsOptions options)
    {
        List<NodeProgram> programs = [new MoldauProgram(options.Executable ?? (options.IsQuick ? MoldauProgram.BuiltExecutable() : await PublishedNode.MakeAsync()))];
        KafkaPeer? peer = KafkaPeer.FindAt(options.Peer);
        if (options.Peer != null && peer == null) throw new LoadUsageException($"no Apache Kafka with Java at {options.Peer}");
        if (peer != null) programs.Add(peer);
        var samples = new List<(string Name, PartitionsSample Sample)>();
        foreach (NodeProgram program in programs)
        {
            samples.Add((program.Name, await MeasureAsync(program, options)));
            Console.WriteLine($"{program.Name}: {samples[^1].Sample}");
        }

        string table = Render(samples, options, peer?.Version);
        Console.WriteLine();
        Console.WriteLine(table);
        if (options.Results is { } page) ResultsFile.Write(Path.Combine(RepositoryFolder.Root, page), "partitions", table);
    }

    internal static async Task<PartitionsSample> MeasureAsync(NodeProgram program, PartitionsOptions options)
    {
        string folder = Directory.CreateTempSubdirectory("moldau-load-").FullName;
        try
        {
            var setup = new NodeSetup(folder, FreePorts.NextPair());
            await program.PrepareAsync(setup, CancellationToken.None);
            await using var node = new NodeProcess(program, setup);
            node.Start();
            await node.ServingAsync(CancellationToken.None);
            await Task.Delay(BeforeIdle);
            long before = Machine.ResidentBytes(node.ProcessId);
            TimeSpan create, list, produce;
            await using (var client = KafkaClient.Create(ClientOptions.For(setup.Bootstrap) with { RequestTimeout = Limits.PartitionsStep, OperationTimeout = Limits.PartitionsStep }))
            {
                create = await TimeAsync(() => CreateAsync(client, options.Count));
                list = await TimeAsync(() => client.Admin.Topics.ListAsync());
                produce = await TimeAsync(() => ProduceAsync(client, options.Count));
            }

            await Task.Delay(BeforeIdle);
            int files = Machine.OpenFiles(node.ProcessId);
            long added = Machine.ResidentBytes(node.ProcessId) - before;
            double idle = await IdleShareAsync(node.ProcessId, options.Idle);
            TimeSpan stop = await TimeAsync(node.StopAsync);
            node.Start();
            TimeSpan restart = await node.ServingAsync(CancellationToken.None);
            long resident = Machine.ResidentBytes(node.ProcessId);
            await node.StopAsync();
            return new PartitionsSample(create, list, produce, files, added, idle, stop, restart, resident);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task CreateAsync(KafkaClient client, int count)
    {
        NewTopic[] topics = [.. Topics(count).Select(topic => new NewTopic(topic.Name, topic.Partitions, 1))];
        // A request may make 10,000 records of metadata at most, and a topic is one beside its partitions.
        foreach (NewTopic[] some in topics.Chunk(Limits.TopicsPerRequest))
            foreach (TopicCreation made in await client.Admin.Topics.CreateAsync(some)) made.ThrowIfFailed();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while ((await client.Admin.Topics.ListAsync()).Sum(topic => topic.Partitions.Count(partition => partition.LeaderId >= 0)) < count) await pace.WaitForNextTickAsync();
    }

    private static async Task ProduceAsync(KafkaClient client, int count)
    {
        await using var producer = new Producer(client, new ProducerOptions { DeliveryTimeout = Limits.PartitionsStep });
        var deliveries = new List<Delivery>(count);
        foreach ((string topic, int partitions) in Topics(count))
            for (int i = 0; i < partitions; i++) deliveries.Add(await producer.SendAsync(new ProducerRecord(topic, "one record"u8.ToArray()) { Partition = i }));
        foreach (Delivery delivery in deliveries) await delivery;
    }

    private static IEnumerable<(string Name, int Partitions)> Topics(int count)
    {
        for (int made = 0; made < count; made += Limits.PartitionsPerTopic)
            yield return ($"many-{made / Limits.PartitionsPerTopic}", Math.Min(Limits.PartitionsPerTopic, count - made));
    }

    private static async Task<double> IdleShareAsync(int processId, TimeSpan time)
    {
        TimeSpan before = Machine.ProcessorTime(processId);
        long began = Stopwatch.GetTimestamp();
        await Task.Delay(time);
        return (Machine.ProcessorTime(processId) - before) / Stopwatch.GetElapsedTime(began);
    }

    private static async Task<TimeSpan> TimeAsync(Func<Task> step)
    {
        long began = Stopwatch.GetTimestamp();
        await step();
        return Stopwatch.GetElapsedTime(began);
    }

    private static string Render(List<(string Name, PartitionsSample Sample)> samples, PartitionsOptions options, string? peerVersion)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"## {options.Count} partitions on one node").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Machine.Describe()}; commit {Machine.Commit(RepositoryFolder.Root)}{(peerVersion == null ? "" : $"; Apache Kafka {peerVersion}, heap -Xmx256m")}.");
        text.AppendLine(CultureInfo.InvariantCulture, $"`dotnet run -c Release --project bench/Load -- partitions --peer ../shared/peers/kafka`; {Limits.PartitionsPerTopic} partitions a topic. Moldau acknowledges what is on the disk, Kafka what is in the page cache.").AppendLine();
        text.AppendLine($"| | {string.Join(" | ", samples.Select(each => each.Name))} |");
        text.AppendLine($"|---|{string.Concat(samples.Select(_ => "---:|"))}");
        Row("created, until all have leaders, s", sample => sample.Create.TotalSeconds, "0.00");
        Row("one Metadata answer with all of them, ms", sample => sample.List.TotalMilliseconds, "0");
        Row("one record to each, acks=all, s", sample => sample.Produce.TotalSeconds, "0.00");
        Row("open files then", sample => sample.OpenFiles, "0");
        Row("memory added, MB", sample => sample.AddedBytes / 1e6, "0");
        Row($"processor time when idle, % of a core over {options.Idle.TotalSeconds:0} s", sample => sample.IdleShare * 100, "0.00");
        Row("stopped, s", sample => sample.Stop.TotalSeconds, "0.00");
        Row("started again, to the first acknowledged record, s", sample => sample.Restart.TotalSeconds, "0.00");
        Row("memory then, MB", sample => sample.ResidentAfterRestart / 1e6, "0");
        return text.ToString();

        void Row(string what, Func<PartitionsSample, double> value, string format) =>
            text.AppendLine($"| {what} | {string.Join(" | ", samples.Select(each => value(each.Sample).ToString(format, CultureInfo.InvariantCulture)))} |");
    }
}
