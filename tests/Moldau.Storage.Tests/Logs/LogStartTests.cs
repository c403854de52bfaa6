using Moldau.Protocol;
using Moldau.Simulated.Disk;

namespace Moldau.Storage.Tests.Logs;

public sealed class LogStartTests
{
    [Fact]
    public async Task Records_that_were_deleted_to_a_segments_beginning_do_not_come_back_with_its_forerunners_files()
    {
        var disk = new SimulatedDisk(1);
        var config = new LogConfig { SegmentBytes = 300, RetentionMs = -1 };
        TestStore store = await TestStore.Open(disk, "/data", config);
        PartitionLog log = store.Create("t", config);
        for (int i = 0; i < 6; i++) log.AppendAsLeader(TestBatch.Sized(250), new AppendContext((LeaderEpoch)0));
        log.SetHighWatermark(log.LogEndOffset);
        Assert.Equal(ErrorCode.None, log.DeleteRecords((Offset)4));
        Assert.Equal(ErrorCode.None, log.PersistLogStart());
        Assert.Equal(2, log.SegmentCount);
        // The next checkpoint, before anything has made the removal of the files durable.
        Directories.OffsetCheckpointsProbe.WriteAll(store);
        for (ulong fate = 0; fate < 20; fate++)
        {
            SimulatedDisk cut = disk.Clone(fate);
            cut.PowerCut();
            await using TestStore again = await TestStore.Open(cut, "/data", config);
            Assert.Equal((4L, 6L), (again["t", 0].LogStartOffset.Value, again["t", 0].LogEndOffset.Value));
        }

        await store.Close();
    }
}
