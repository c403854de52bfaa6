using Microsoft.Extensions.Logging.Abstractions;
using Moldau.Protocol;
using Moldau.Simulated;
using Moldau.Simulated.Disk;

namespace Moldau.Storage.Tests;

/// <summary>A log store on a simulated machine, for what happens by itself as time goes on.</summary>
internal sealed class SimulatedStore
{
    private readonly SimulatedProcess process;

    private SimulatedStore(SimulatedProcess process, LogStore logs)
    {
        this.process = process;
        Logs = logs;
    }

    public LogStore Logs { get; }

    public SimulatedDisk Disk => process.Host.Disk;

    public long NowMs => process.Scheduler.Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Runs a scenario on an empty disk; the store is opened, not started.</summary>
    public static void Run(Func<SimulatedStore, Task> scenario, FlushPolicy policy = FlushPolicy.Fsync, TimeSpan? limit = null)
    {
        using var world = new SimulatedWorld(1);
        SimulatedHost host = world.AddHost("node");
        world.Run(
            async () =>
            {
                SimulatedProcess process = host.Start();
                var options = new LogStoreOptions { Directories = ["/data"], FlushPolicy = policy };
                LogStore logs = await LogStore.OpenAsync(options, process.Files, process.Scheduler, NullLogger.Instance);
                await scenario(new SimulatedStore(process, logs));
                await logs.CloseAsync(clean: true);
            },
            limit);
    }

    public PartitionLog Create(string topic, LogConfig? config = null) =>
        Logs.Create(new TopicPartition(topic, 0), new Uuid(1, topic.Length), config ?? LogConfig.Default);

    /// <summary>Lets time pass.</summary>
    public Task Pass(TimeSpan time) => process.Scheduler.Delay(time);
}
