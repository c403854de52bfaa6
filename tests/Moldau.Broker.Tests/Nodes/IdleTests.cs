using Moldau.Protocol.Messages;

namespace Moldau.Broker.Tests.Nodes;

/// <summary>A node that nobody asks anything. Counted are its steps in the simulated world, which are the same on every machine: a step is a continuation, a timer, or the end of a disk operation.</summary>
public sealed class IdleTests
{
    private const int Partitions = 500;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(30), Idle = TimeSpan.FromMinutes(2);

    /// <summary>Two records a second keep the metadata log growing (metadata.max.idle.interval.ms), each appended, flushed, committed and published; and heartbeats.</summary>
    private const long StepsPerSecondMax = 50;

    [Fact]
    public void A_node_with_many_partitions_does_no_more_than_one_with_few()
    {
        long few = IdleSteps(1), many = IdleSteps(Partitions);
        TestContext.Current.TestOutputHelper?.WriteLine($"{few} steps with one partition, {many} with {Partitions}");
        Assert.InRange(many, 0, few + (few / 10));
    }

    [Fact]
    public void An_idle_node_wakes_a_few_times_a_second() =>
        Assert.InRange(IdleSteps(1), 1, (long)Idle.TotalSeconds * StepsPerSecondMax);

    private static long IdleSteps(int partitions)
    {
        long steps = 0;
        NodeWorld.Run(async world =>
        {
            await world.CreateTopicAsync("t", partitions);
            RawClient client = await world.ConnectAsync();
            for (int i = 0; i < partitions; i++)
                await client.AskAsync<ProduceResponse>(Batches.Produce("t", i, Batches.Of(world.Now(), "v")), 9);
            await world.Scheduler.Delay(Settle);
            long before = world.World.Steps;
            await world.Scheduler.Delay(Idle);
            steps = world.World.Steps - before;
        });
        return steps;
    }
}
