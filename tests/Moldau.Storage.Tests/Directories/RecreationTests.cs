using Moldau.Protocol;
using Moldau.Simulated.Disk;

namespace Moldau.Storage.Tests.Directories;

/// <summary>A topic is deleted and made anew in another directory: whatever a crash takes back, the node finds one log of it that it can start with.</summary>
public sealed class RecreationTests
{
    private const string Directories = "/one,/two";
    private static readonly TopicPartition Partition = new("t", 0);
    private static readonly Uuid Old = new(1, 1), New = new(1, 2);

    [Fact]
    public async Task A_power_cut_never_leaves_the_log_that_was_deleted_beside_the_one_that_was_made()
    {
        for (ulong fate = 0; fate < 40; fate++)
        {
            var disk = new SimulatedDisk(fate);
            await using (TestStore store = await TestStore.Open(disk, Directories))
            {
                Append(store.Logs.Create(Partition, Old, LogConfig.Default), "old");
                store.Logs.Delete(Partition);
                store.Logs.Prefer(Partition, store.Logs.Directories[1]);
                PartitionLog made = store.Logs.Create(Partition, New, LogConfig.Default);
                Assert.Equal("/two", made.Directory.Path);
                Append(made, "new");
            }

            disk.PowerCut();
            await using TestStore again = await TestStore.Open(disk, Directories);
            PartitionLog log = again["t", 0];
            Assert.Equal((New, 1L), (log.TopicId, log.LogEndOffset.Value));
        }
    }

    private static void Append(PartitionLog log, string value)
    {
        Assert.Equal(ErrorCode.None, log.AppendAsLeader(TestBatch.Of(5, value), new AppendContext((LeaderEpoch)0)).Error);
        Assert.Equal(1, log.FlushedOffset.Value);
    }
}
