using System.Runtime.CompilerServices;
using Moldau.Metadata.Image;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Tests.Control;

/// <summary>Memory of the whole process is measured: nothing else may run.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class AloneCollection;

/// <summary>What it costs to hold many partitions, in allocated bytes: a bound that a copy of the whole image per record would break a hundredfold.</summary>
[Collection<AloneCollection>]
public sealed class SizeTests
{
    private const int Partitions = 10_000;

    private static MetadataImage Image(out TopicRecord topic)
    {
        topic = new TopicRecord { Name = "big", TopicId = CountingRandom.Id(1) };
        var delta = new MetadataDelta(MetadataImage.Empty);
        delta.Replay(topic);
        for (int number = 0; number < Partitions; number++) delta.Replay(Record(topic, number));
        return delta.Apply(default);
    }

    private static PartitionRecord Record(TopicRecord topic, int number) =>
        new() { TopicId = topic.TopicId, PartitionId = number, Replicas = [1], Isr = [1], Leader = 1, LeaderEpoch = 0, PartitionEpoch = 0, Directories = [TestCluster.Directory(1)] };

    [Fact]
    public void A_change_of_one_partition_copies_a_path_and_not_the_image()
    {
        MetadataImage image = Image(out TopicRecord topic);
        var change = new PartitionChangeRecord { TopicId = topic.TopicId, PartitionId = 7_777, Isr = [] };
        new MetadataDelta(image).Replay(change);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var delta = new MetadataDelta(image);
        delta.Replay(change);
        MetadataImage next = delta.Apply(default);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Empty(next.Topics.Find("big")!.Partition(7_777)!.Isr);
        Assert.InRange(allocated, 0, 8_192);
    }

    // Not inlined: what it leaves behind must be garbage when it returns.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WarmUp() => Image(out _);

    [Fact]
    public void A_partition_takes_less_than_a_kilobyte()
    {
        WarmUp();
        // What other tests have left behind may be collected meanwhile, and makes a measurement too small: the largest of some counts.
        long held = 0;
        for (int i = 0; i < 5; i++)
        {
            long before = GC.GetTotalMemory(true);
            MetadataImage image = Image(out _);
            held = Math.Max(held, GC.GetTotalMemory(true) - before);
            Assert.Equal(Partitions, image.Topics.Find("big")!.Partitions.Count);
        }

        Assert.InRange(held / Partitions, 1, 1_024);
    }
}
