using Moldau.Client;
using Moldau.Client.Consuming;
using Moldau.Simulated;
using Moldau.Simulation.Nodes;

namespace Moldau.Simulation.Clients;

/// <summary>The managed client as it ships, on a machine of the simulated world, with the patience that a scenario of half an hour asks for.</summary>
internal static class ManagedClient
{
    /// <summary>Longer than any scenario: within it every record has to be delivered, once.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    public static KafkaClient On(SimulatedProcess process) => new(
        new ClientOptions { BootstrapServers = [$"{SimulatedNode.Name}:{SimulatedNode.Port}"], ClientId = process.Host.Name, OperationTimeout = Patience },
        process.Transport,
        process.Scheduler);

    /// <summary>The next records; none after a failure that may pass. One that does not pass comes again, and the scenario does not come to its end: that is how it is found.</summary>
    public static async Task<IReadOnlyList<ConsumedRecord>> PollAsync(Consumer consumer, TimeSpan time)
    {
        try
        {
            return await consumer.PollAsync(time);
        }
        catch (KafkaException failure) when (failure.IsRetriable)
        {
            return [];
        }
    }

    /// <summary>Asks until there is an answer, with pauses after failures that may pass.</summary>
    public static async Task<T> AskAsync<T>(SimulatedProcess process, Func<Task<T>> question)
    {
        while (true)
        {
            try
            {
                return await question();
            }
            catch (KafkaException failure) when (failure.IsRetriable)
            {
                await process.Scheduler.Delay(process.Random.Between(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(300)));
            }
        }
    }
}
