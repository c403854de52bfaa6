using Moldau.Protocol;
using Moldau.Simulated.Disk;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Epochs;
using Moldau.Storage.Files;

namespace Moldau.Storage.Tests.Directories;

public sealed class CheckpointFileTests
{
    [Theory]
    [InlineData("1\n0\n")]
    [InlineData("0\n")]
    [InlineData("0\n2\nt 0 1\n")]
    [InlineData("0\n1\nt 0 1\nt 1 1\n")]
    [InlineData("0\n1\nt 0\n")]
    [InlineData("0\n1\nt x 1\n")]
    [InlineData("0\n1\nt 0 -1\n")]
    [InlineData("0\n-1\n")]
    [InlineData("\0\0\0\0")]
    public void A_malformed_checkpoint_is_refused(string text)
    {
        var disk = new SimulatedDisk(1);
        using (IFile file = disk.Open("/c", FileOpen.CreateEmpty)) file.Write(0, System.Text.Encoding.ASCII.GetBytes(text));
        Assert.Throws<CheckpointException>(() => OffsetCheckpointFile.Read(disk, "/", "c"));
    }

    [Fact]
    public void A_checkpoint_is_replaced_as_a_whole_whenever_the_power_is_cut()
    {
        var disk = new SimulatedDisk(1);
        var before = new Dictionary<TopicPartition, long> { [new TopicPartition("t", 0)] = 1 };
        var after = new Dictionary<TopicPartition, long> { [new TopicPartition("t", 0)] = 2, [new TopicPartition("u", 3)] = 4 };
        OffsetCheckpointFile.Write(disk, "/", "c", before);
        List<SimulatedDisk> images = [];
        disk.BeforeOperation += operation => images.Add(disk.Clone((ulong)operation.Number));
        OffsetCheckpointFile.Write(disk, "/", "c", after);
        Assert.True(images.Count >= 5);
        foreach (SimulatedDisk image in images)
        {
            image.PowerCut();
            Dictionary<TopicPartition, long> found = OffsetCheckpointFile.Read(image, "/", "c");
            Assert.True(found.Count == 1 ? found.SequenceEqual(before) : found.SequenceEqual(after));
        }

        disk.PowerCut();
        Assert.Equal(after, OffsetCheckpointFile.Read(disk, "/", "c"));
    }

    [Fact]
    public void Epochs_are_written_as_kafka_writes_them()
    {
        var disk = new SimulatedDisk(1);
        LeaderEpochCheckpointFile.Write(disk, "/", [new EpochStart((LeaderEpoch)0, 0), new EpochStart((LeaderEpoch)2, 103)]);
        Assert.Equal("0\n2\n0 0\n2 103\n", AtomicFile.Read(disk, "/", LeaderEpochCheckpointFile.Name, 100));
        Assert.Equal([new EpochStart((LeaderEpoch)0, 0), new EpochStart((LeaderEpoch)2, 103)], LeaderEpochCheckpointFile.Read(disk, "/"));
    }
}
