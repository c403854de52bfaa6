using Moldau.Protocol;
using Moldau.Simulated.Disk;
using Moldau.Storage.Checkpoints;
using Moldau.Storage.Files;
using Moldau.Storage.Tests.Crash;

namespace Moldau.Storage.Tests.Logs;

/// <summary>Files that were damaged, taken away or left behind.</summary>
public sealed class DamagedFileTests
{
    private static readonly LogConfig Small = new() { SegmentBytes = 2000, IndexIntervalBytes = 200, RetentionMs = -1 };
    private static readonly AppendContext Client = new((LeaderEpoch)0);

    [Theory]
    [InlineData(".index")]
    [InlineData(".timeindex")]
    [InlineData(".snapshot")]
    public async Task A_missing_or_random_index_or_snapshot_changes_nothing_a_reader_sees(string suffix)
    {
        foreach (string damage in new[] { "missing", "empty", "zeros", "ones", "odd" })
        {
            SimulatedDisk disk = await Written(clean: damage != "zeros");
            foreach (string name in disk.ListFiles("/data/t-0").Where(name => name.EndsWith(suffix, StringComparison.Ordinal)).ToArray()) Damage(disk, $"/data/t-0/{name}", damage);
            await using TestStore store = await TestStore.Open(disk, "/data", Small);
            PartitionLog log = store["t", 0];
            Assert.Equal(40, LogReading.Consume(log, log.LogEndOffset).Count);
            for (int i = 0; i < 40; i++) Assert.Equal(i, log.OffsetForTimestamp(1000 + i)!.Value.Offset.Value);
            Assert.Empty(store.Failures);
            log.AppendAsLeader(TestBatch.Sized(300), Client);
            Assert.Equal(41, log.LogEndOffset.Value);
        }
    }

    [Fact]
    public async Task A_transaction_index_that_is_none_is_rebuilt_when_it_is_read()
    {
        var disk = new SimulatedDisk(1);
        await using (TestStore store = await TestStore.Open(disk, "/data", Small))
        {
            PartitionLog log = store.Create("t", Small);
            log.AppendAsLeader(TestBatch.Idempotent(1, 0, 0, 2, transactional: true), Client);
            log.AppendAsLeader(TestBatch.Marker(1, 0, commit: false), new AppendContext((LeaderEpoch)0, Moldau.Protocol.Batches.AppendOrigin.Coordinator));
            await store.Close();
        }

        using (IFile file = disk.Open("/data/t-0/00000000000000000000.txnindex", FileOpen.ReadWrite)) file.Write(0, [1, 2, 3, 4]);
        await using TestStore again = await TestStore.Open(disk, "/data", Small);
        Assert.Equal(new Moldau.Storage.Indexes.AbortedTransaction((ProducerId)1, 0, 2, 3), Assert.Single(again["t", 0].AbortedTransactions(Offset.Zero, (Offset)3)));
    }

    [Fact]
    public async Task A_log_is_cut_at_the_first_damaged_batch_behind_the_recovery_point()
    {
        for (int offset = 0; offset < 40; offset += 3)
        {
            SimulatedDisk disk = await Written(clean: false);
            disk.DeleteFile("/data/" + OffsetCheckpointFile.RecoveryPoint);
            (string path, int position) = await PlaceOf(disk.Clone(9), offset);
            using (IFile file = disk.Open(path, FileOpen.ReadWrite)) file.Write(position + 65, [0xff]);
            await using TestStore store = await TestStore.Open(disk, "/data", Small);
            Assert.Equal(offset, store["t", 0].LogEndOffset.Value);
            LogAudit.AssertConsistent(store["t", 0], wholeFromStart: true);
            Assert.Equal(offset, store["t", 0].AppendAsLeader(TestBatch.Sized(300), Client).BaseOffset.Value);
        }
    }

    [Fact]
    public async Task Damage_below_the_recovery_point_is_found_by_the_reader_and_costs_only_that_batch()
    {
        SimulatedDisk disk = await Written(clean: true);
        (string path, int position) = await PlaceOf(disk.Clone(9), 3);
        using (IFile file = disk.Open(path, FileOpen.ReadWrite)) file.Write(position + 8, [0xff, 0xff, 0xff, 0xff]);
        await using TestStore store = await TestStore.Open(disk, "/data", Small);
        PartitionLog log = store["t", 0];
        Assert.Equal(ErrorCode.CorruptMessage, log.Read((Offset)3, 100, log.LogEndOffset, true).Error);
        Assert.Equal(ErrorCode.None, log.Read((Offset)20, 100, log.LogEndOffset, true).Error);
        Assert.Empty(store.Failures);
    }

    [Theory]
    [InlineData(false, 3)]
    [InlineData(true, 40)]
    public async Task What_stands_behind_a_hole_between_unflushed_segments_is_cut_unless_kafka_wrote_it(bool preallocated, long expectedEnd)
    {
        SimulatedDisk disk = await Written(clean: false);
        disk.DeleteFile("/data/" + OffsetCheckpointFile.RecoveryPoint);
        (string path, int position) = await PlaceOf(disk.Clone(9), 3);
        using (IFile file = disk.Open(path, FileOpen.ReadWrite)) file.SetLength(position);
        string active = disk.ListFiles("/data/t-0").Last(static name => name.EndsWith(".log", StringComparison.Ordinal));
        if (preallocated)
        {
            using IFile index = disk.Open("/data/t-0/" + Path.ChangeExtension(active, ".index"), FileOpen.OpenOrCreate);
            index.SetLength(65536);
        }

        await using TestStore store = await TestStore.Open(disk, "/data", Small);
        Assert.Equal(expectedEnd, store["t", 0].LogEndOffset.Value);
        LogAudit.AssertConsistent(store["t", 0], wholeFromStart: true);
    }

    [Fact]
    public async Task A_gap_that_a_leader_left_does_not_fall_between_segments()
    {
        var disk = new SimulatedDisk(1);
        await using (TestStore store = await TestStore.Open(disk, "/data", Small))
        {
            PartitionLog log = store.Create("t", Small);
            for (int i = 0; i < 20; i++) log.AppendAsFollower(TestBatch.At(10 * i, 0, 1000 + i, new string('x', 200)));
            Assert.True(log.SegmentCount > 3);
        }

        disk.PowerCut();
        await using TestStore again = await TestStore.Open(disk, "/data", Small);
        Assert.Equal(191, again["t", 0].LogEndOffset.Value);
        Assert.Equal(20, LogReading.Consume(again["t", 0], (Offset)191).Count);
    }

    [Fact]
    public async Task A_log_that_ends_before_its_start_begins_anew_there()
    {
        SimulatedDisk disk = await Written(clean: true);
        OffsetCheckpointFile.Write(disk, "/data", OffsetCheckpointFile.LogStart, new Dictionary<TopicPartition, long> { [new TopicPartition("t", 0)] = 100 });
        await using TestStore store = await TestStore.Open(disk, "/data", Small);
        Assert.Equal((100L, 100L), (store["t", 0].LogStartOffset.Value, store["t", 0].LogEndOffset.Value));
        Assert.Equal(100, store["t", 0].AppendAsLeader(TestBatch.Sized(300), Client).BaseOffset.Value);
    }

    [Fact]
    public async Task Unfinished_cleaning_is_undone_and_finished_cleaning_is_completed()
    {
        SimulatedDisk disk = await Written(clean: true);
        string first = "/data/t-0/00000000000000000000";
        long second = long.Parse(disk.ListFiles("/data/t-0").Where(static name => name.EndsWith(".log", StringComparison.Ordinal)).ElementAt(1)[..20]);
        Copy(disk, first + ".log", first + ".log.cleaned");
        await using (TestStore store = await TestStore.Open(disk, "/data", Small))
        {
            Assert.Equal(40, LogReading.Consume(store["t", 0], (Offset)40).Count);
            await store.Close();
        }

        Assert.False(disk.FileExists(first + ".log.cleaned"));
        // Both first segments were cleaned into one, of which only one record is left.
        using (IFile file = disk.Open(first + ".log.swap", FileOpen.CreateEmpty)) file.Write(0, TestBatch.At(second, 0, 1000 + second, "survivor"));
        await using TestStore again = await TestStore.Open(disk, "/data", Small);
        Assert.Equal("survivor", System.Text.Encoding.UTF8.GetString(LogReading.Consume(again["t", 0], (Offset)40)[0].Value!));
        Assert.False(disk.FileExists($"/data/t-0/{second:D20}.log"));
        Assert.Equal(40, again["t", 0].LogEndOffset.Value);
    }

    [Fact]
    public async Task An_index_without_its_log_is_removed()
    {
        SimulatedDisk disk = await Written(clean: true);
        disk.Open("/data/t-0/00000000000000000777.index", FileOpen.CreateEmpty).Dispose();
        await using TestStore store = await TestStore.Open(disk, "/data", Small);
        Assert.DoesNotContain("00000000000000000777.index", disk.ListFiles("/data/t-0"));
    }

    [Fact]
    public async Task A_foreign_folder_is_left_alone()
    {
        SimulatedDisk disk = await Written(clean: true);
        disk.CreateDirectory("/data/lost+found");
        await using TestStore store = await TestStore.Open(disk, "/data", Small);
        Assert.Single(store.Logs.Logs);
        Assert.True(disk.DirectoryExists("/data/lost+found"));
    }

    private static async Task<SimulatedDisk> Written(bool clean)
    {
        var disk = new SimulatedDisk(1);
        TestStore store = await TestStore.Open(disk, "/data", Small);
        PartitionLog log = store.Create("t", Small);
        for (int i = 0; i < 40; i++) log.AppendAsLeader(TestBatch.Sized(300, 1000 + i), Client);
        Assert.True(log.SegmentCount > 5);
        await store.Close(clean);
        return disk;
    }

    private static async Task<(string Path, int Position)> PlaceOf(SimulatedDisk disk, long offset)
    {
        await using TestStore store = await TestStore.Open(disk, "/data", Small);
        LogReadResult read = store["t", 0].Read((Offset)offset, 1, (Offset)(offset + 1), true);
        int position = (int)read.Records.Region!.Value.Position;
        LogReading.Bytes(read);
        long segment = store["t", 0].State.Segments.Last(candidate => candidate.BaseOffset <= offset).BaseOffset;
        return ($"/data/t-0/{segment:D20}.log", position);
    }

    private static void Damage(SimulatedDisk disk, string path, string damage)
    {
        long length = disk.FileLength(path);
        if (damage == "missing") disk.DeleteFile(path);
        using IFile file = damage == "missing" ? disk.Open("/unused", FileOpen.OpenOrCreate) : disk.Open(path, FileOpen.ReadWrite);
        if (damage == "missing") return;
        if (damage == "empty") file.SetLength(0);
        if (damage == "odd") file.Write(length, [7, 7, 7]);
        byte[] bytes = new byte[length];
        if (damage == "ones") Array.Fill(bytes, (byte)0xff);
        if (damage is "zeros" or "ones") file.Write(0, bytes);
    }

    private static void Copy(SimulatedDisk disk, string from, string to)
    {
        using IFile source = disk.Open(from, FileOpen.Read);
        byte[] bytes = new byte[source.Length];
        source.Read(0, bytes);
        using IFile target = disk.Open(to, FileOpen.CreateEmpty);
        target.Write(0, bytes);
    }
}
