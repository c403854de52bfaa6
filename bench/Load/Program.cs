using Moldau.Load;
using Moldau.Load.Compare;
using Moldau.Load.Compare.Runs;
using Moldau.Load.Partitions;
using Moldau.Load.Startup;
using Moldau.Processes;

// dotnet run -c Release --project bench/Load -- startup --peer ../shared/peers/kafka
try
{
    switch (args)
    {
        case ["startup", .. var rest]:
            await StartupBench.RunAsync(StartupOptions.Parse(rest));
            return 0;
        case ["partitions", .. var rest]:
            await PartitionsBench.RunAsync(PartitionsOptions.Parse(rest));
            return 0;
        case ["compare", .. var rest]:
            return await CompareBench.RunAsync(CompareOptions.Parse(rest));
        case ["batches", var folder]:
            SegmentSummary.Print(folder, Console.Out);
            return 0;
        default:
            Console.Error.WriteLine(StartupOptions.Usage);
            return args is ["--help" or "-h"] ? 0 : 2;
    }
}
catch (LoadUsageException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    Console.Error.WriteLine(StartupOptions.Usage);
    return 2;
}
catch (Exception failure) when (failure is ProgramFailedException or Moldau.Client.KafkaException or InvalidOperationException or DirectoryNotFoundException or BusyMachineException)
{
    Console.Error.WriteLine(failure.Message);
    return 1;
}
