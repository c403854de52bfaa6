using Moldau.Simulated;
using Moldau.Simulated.Disk;
using Moldau.Storage.Files;

namespace Moldau.Simulation.Disk;

public sealed class DiskFaultTests
{
    [Fact]
    public void The_nth_write_fails_once_and_may_have_written_a_part()
    {
        HashSet<long> lengths = [];
        for (ulong seed = 0; seed < 50; seed++)
        {
            SimulatedDisk disk = new(seed);
            using IFile file = disk.Open("/t/../a.log", FileOpen.CreateEmpty);
            using IFile other = disk.Open("/other", FileOpen.CreateEmpty);
            disk.Faults.FailWrite(nth: 2, pathContains: ".log");
            other.Write(0, "x"u8);
            file.Write(0, "ok"u8);
            DiskException failure = Assert.Throws<DiskException>(() => file.Write(2, "fails"u8));
            Assert.Equal(DiskFailure.Io, failure.Failure);
            lengths.Add(file.Length);
            file.Write(2, "works"u8);
        }

        Assert.True(lengths.Count > 1);
        Assert.InRange(lengths.Max(), 3, 6);
    }

    [Fact]
    public void A_full_disk_says_full_and_its_free_bytes_say_so()
    {
        SimulatedDisk disk = new(1) { CapacityBytes = 3 * 4096 };
        using IFile file = disk.Open("/a", FileOpen.CreateEmpty);
        file.Write(0, new byte[2 * 4096]);
        Assert.Equal(4096, disk.FreeBytes("/"));
        Assert.Equal(DiskFailure.Full, Assert.Throws<DiskException>(() => file.Write(2 * 4096, new byte[2 * 4096])).Failure);
        file.Write(0, new byte[2 * 4096]); // no new pages
        disk.DeleteFile("/a");
        Assert.Equal(3 * 4096, disk.FreeBytes("/"));
    }

    [Fact]
    public void Reads_of_a_bad_range_fail_and_others_do_not()
    {
        SimulatedDisk disk = new(1);
        using IFile file = disk.Open("/a", FileOpen.CreateEmpty);
        file.Write(0, new byte[100]);
        disk.Faults.FailReads("/a", 10, 20);
        Assert.Equal(10, file.Read(0, new byte[10]));
        Assert.Equal(10, file.Read(20, new byte[10]));
        Assert.Equal(DiskFailure.Io, Assert.Throws<DiskException>(() => file.Read(0, new byte[11])).Failure);
        disk.Faults.Clear();
        Assert.Equal(11, file.Read(0, new byte[11]));
    }

    [Fact]
    public void A_rule_sees_every_operation_and_picks_its_failure()
    {
        SimulatedDisk disk = new(1);
        List<DiskOperationKind> seen = [];
        disk.Faults.Rule = operation =>
        {
            seen.Add(operation.Kind);
            return operation.Kind == DiskOperationKind.FlushDirectory ? DiskFailure.Flush : null;
        };
        disk.CreateDirectory("/t");
        using (IFile file = disk.Open("/t/a", FileOpen.CreateEmpty))
        {
            file.Write(0, "x"u8);
            file.SetLength(0);
            file.Flush();
            file.Read(0, new byte[1]);
        }

        disk.Rename("/t/a", "/t/b");
        disk.DeleteFile("/t/b");
        Assert.Equal(DiskFailure.Flush, Assert.Throws<DiskException>(() => disk.FlushDirectory("/t")).Failure);
        Assert.Equal(
            [
                DiskOperationKind.Create, DiskOperationKind.Create, DiskOperationKind.Write, DiskOperationKind.SetLength, DiskOperationKind.Flush,
                DiskOperationKind.Read, DiskOperationKind.Rename, DiskOperationKind.Delete, DiskOperationKind.FlushDirectory,
            ],
            seen);
        Assert.Equal(8, disk.OperationCount);
    }

    [Fact]
    public void Cutting_at_each_operation_of_a_careful_replacement_never_leaves_a_half()
    {
        long operations = Replace(new SimulatedDisk(0));
        Assert.Equal(6, operations);
        HashSet<string> outcomes = [];
        for (long cut = 1; cut <= operations; cut++)
        {
            for (ulong seed = 0; seed < 20; seed++)
            {
                SimulatedDisk disk = new(seed);
                Prepare(disk);
                disk.CutAt(disk.OperationCount + cut);
                Assert.Throws<PowerCutException>(() => Replace(disk, prepared: true));
                disk.PowerCut();
                using IFile file = disk.Open("/state", FileOpen.Read);
                byte[] read = new byte[10];
                outcomes.Add(System.Text.Encoding.ASCII.GetString(read, 0, file.Read(0, read)));
            }
        }

        Assert.Equal(["new", "old"], outcomes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_hook_before_each_operation_sees_the_disk_as_it_was()
    {
        SimulatedDisk disk = new(1);
        List<SimulatedDisk> images = [];
        disk.BeforeOperation += _ => images.Add(disk.Clone(1));
        using (IFile file = disk.Open("/a", FileOpen.CreateEmpty)) file.Write(0, "x"u8);
        Assert.Equal([false, true], images.Select(image => image.FileExists("/a")));
        Assert.Equal(0, images[1].FileLength("/a"));
    }

    private static void Prepare(SimulatedDisk disk)
    {
        using IFile file = disk.Open("/state", FileOpen.CreateEmpty);
        file.Write(0, "old"u8);
        file.Flush();
        disk.FlushDirectory("/");
    }

    private static long Replace(SimulatedDisk disk, bool prepared = false)
    {
        if (!prepared) Prepare(disk);
        long before = disk.OperationCount;
        using (IFile file = disk.Open("/state.tmp", FileOpen.CreateEmpty))
        {
            file.Write(0, "n"u8);
            file.Write(1, "ew"u8);
            file.Flush();
        }

        disk.Rename("/state.tmp", "/state");
        disk.FlushDirectory("/");
        return disk.OperationCount - before;
    }
}
