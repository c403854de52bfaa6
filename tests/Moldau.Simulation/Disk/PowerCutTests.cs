using System.Text;
using Moldau.Simulated;
using Moldau.Simulated.Disk;
using Moldau.Storage.Files;

namespace Moldau.Simulation.Disk;

/// <summary>The laws of the simulated disk that what is built on it relies on.</summary>
public sealed class PowerCutTests
{
    private const int Seeds = 300;

    [Fact]
    public void Nothing_works_between_the_cut_and_the_restart()
    {
        SimulatedDisk disk = new(1);
        IFile file = disk.Open("a", FileOpen.CreateEmpty);
        disk.CutAt(disk.OperationCount + 2);
        file.Write(0, "x"u8);
        Assert.Throws<PowerCutException>(() => file.Write(1, "y"u8));
        Assert.Throws<PowerCutException>(() => file.Read(0, new byte[1]));
        Assert.Throws<PowerCutException>(() => disk.FileExists("a"));
        disk.PowerCut();
        Assert.Throws<PowerCutException>(() => file.Length);
        disk.Open("b", FileOpen.CreateEmpty).Dispose();
        Assert.True(disk.FileExists("b"));
    }

    [Fact]
    public void What_was_flushed_survives_every_cut()
    {
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            SimulatedDisk disk = Flushed(seed, "/d/a", "kept");
            disk.PowerCut();
            Assert.Equal("kept", Text(disk, "/d/a"));
        }
    }

    [Fact]
    public void An_unflushed_write_is_lost_kept_or_torn_by_sector_and_nothing_else()
    {
        byte[] old = Filled('o', 4096 * 3);
        byte[] anew = Filled('n', 4096 * 3);
        HashSet<string> outcomes = [];
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            SimulatedDisk disk = Flushed(seed, "/a", Encoding.ASCII.GetString(old));
            using (IFile file = disk.Open("/a", FileOpen.ReadWrite)) file.Write(0, anew);
            disk.PowerCut();
            string text = Text(disk, "/a");
            Assert.Equal(old.Length, text.Length);
            for (int at = 0; at < text.Length; at += 512) Assert.Equal(new string(text[at], 512), text.Substring(at, 512));
            bool pages = Enumerable.Range(0, 3).All(page => text.Substring(page * 4096, 4096).Distinct().Count() == 1);
            outcomes.Add(text.Distinct().Count() == 1 ? text[..1] : pages ? "torn at pages" : "torn at sectors");
        }

        Assert.Equal(["n", "o", "torn at pages", "torn at sectors"], outcomes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_later_write_may_survive_an_earlier_one_elsewhere_but_not_in_its_sector()
    {
        bool reordered = false;
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            SimulatedDisk disk = Flushed(seed, "/a", new string('.', 8192));
            using (IFile file = disk.Open("/a", FileOpen.ReadWrite))
            {
                file.Write(0, "1"u8);
                file.Write(1, "2"u8);
                file.Write(4096, "3"u8);
            }

            disk.PowerCut();
            string text = Text(disk, "/a");
            Assert.Contains(text[..2], new[] { "..", "1.", "12" });
            reordered |= text[0] == '.' && text[4096] == '3';
        }

        Assert.True(reordered);
    }

    [Fact]
    public void An_unflushed_length_may_be_lost_or_kept_and_unwritten_bytes_read_as_zeros()
    {
        HashSet<long> lengths = [];
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            SimulatedDisk disk = Flushed(seed, "/a", "base");
            using (IFile file = disk.Open("/a", FileOpen.ReadWrite))
            {
                file.Write(4, "more"u8);
                file.SetLength(6);
            }

            disk.PowerCut();
            string text = Text(disk, "/a");
            lengths.Add(text.Length);
            Assert.StartsWith("base", text, StringComparison.Ordinal);
            Assert.All(text.Zip("basemore"), pair => Assert.True(pair.First == pair.Second || pair.First == '\0'));
        }

        Assert.Equal([4, 6, 8], lengths.Order());
    }

    [Fact]
    public void Bytes_that_survived_beyond_the_surviving_length_do_not_show_when_the_file_grows()
    {
        bool shortened = false;
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            SimulatedDisk disk = Flushed(seed, "/a", "base");
            using (IFile file = disk.Open("/a", FileOpen.ReadWrite)) file.Write(4, "lost"u8);
            disk.PowerCut();
            if (disk.FileLength("/a") > 4) continue;
            shortened = true;
            using (IFile file = disk.Open("/a", FileOpen.ReadWrite)) file.SetLength(20);
            Assert.Equal("base" + new string('\0', 16), Text(disk, "/a"));
        }

        Assert.True(shortened);
    }

    [Fact]
    public void Bytes_cut_off_do_not_come_back_when_the_cut_was_flushed()
    {
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            SimulatedDisk disk = Flushed(seed, "/a", new string('x', 9000));
            using (IFile file = disk.Open("/a", FileOpen.ReadWrite))
            {
                file.SetLength(10);
                file.Flush();
                file.Write(8999, "y"u8);
                file.Flush();
            }

            disk.PowerCut();
            Assert.Equal(new string('x', 10) + new string('\0', 8989) + "y", Text(disk, "/a"));
        }
    }

    [Fact]
    public void After_a_failed_flush_the_cache_shows_what_a_later_flush_does_not_make_durable()
    {
        int lost = 0;
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            SimulatedDisk disk = Flushed(seed, "/a", new string('.', 8192));
            IFile file = disk.Open("/a", FileOpen.ReadWrite);
            file.Write(0, "1"u8);
            disk.Faults.FailFlush();
            Assert.Equal(DiskFailure.Flush, Assert.Throws<DiskException>(file.Flush).Failure);
            Assert.Throws<DiskException>(file.Flush);
            using (IFile again = disk.Open("/a", FileOpen.ReadWrite))
            {
                again.Write(4096, "2"u8);
                again.Flush();
            }

            Assert.StartsWith("1", Text(disk, "/a"), StringComparison.Ordinal);
            disk.PowerCut();
            string text = Text(disk, "/a");
            Assert.Equal('2', text[4096]);
            if (text[0] == '.') lost++;
        }

        Assert.InRange(lost, 1, Seeds - 1);
    }

    [Fact]
    public void A_kill_keeps_what_was_not_flushed()
    {
        SimulatedDisk disk = new(1);
        IFile file = disk.Open("/a", FileOpen.CreateEmpty);
        file.Write(0, "cached"u8);
        using IDisposable hold = disk.Lock("/");
        disk.Kill();
        Assert.Throws<PowerCutException>(() => file.Length);
        Assert.Equal("cached", Text(disk, "/a"));
        disk.Lock("/").Dispose();
    }

    [Fact]
    public void A_clone_goes_its_own_way()
    {
        SimulatedDisk disk = Flushed(1, "/a", "both");
        using (IFile file = disk.Open("/a", FileOpen.ReadWrite)) file.Write(0, "B"u8);
        SimulatedDisk clone = disk.Clone(2);
        using (IFile file = disk.Open("/a", FileOpen.ReadWrite))
        {
            file.Write(1, "O"u8);
            file.Flush();
        }

        Assert.Equal("Both", Text(clone, "/a"));
        clone.PowerCut();
        Assert.Contains(Text(clone, "/a"), new[] { "both", "Both" });
        disk.PowerCut();
        Assert.Equal("BOth", Text(disk, "/a"));
    }

    [Fact]
    public void The_same_seed_loses_the_same()
    {
        for (ulong seed = 0; seed < 50; seed++) Assert.Equal(Outcome(seed), Outcome(seed));
        Assert.True(Enumerable.Range(0, 50).Select(seed => Outcome((ulong)seed)).Distinct().Count() > 10);

        static string Outcome(ulong seed)
        {
            SimulatedDisk disk = Flushed(seed, "/a", new string('.', 20_000));
            using (IFile file = disk.Open("/a", FileOpen.ReadWrite))
            {
                for (int i = 0; i < 20; i++) file.Write(i * 1000, Encoding.ASCII.GetBytes($"write {i}"));
            }

            disk.PowerCut();
            return Text(disk, "/a");
        }
    }

    private static SimulatedDisk Flushed(ulong seed, string path, string text)
    {
        SimulatedDisk disk = new(seed);
        string folder = path[..path.LastIndexOf('/')];
        disk.CreateDirectory(folder);
        using IFile file = disk.Open(path, FileOpen.CreateEmpty);
        file.Write(0, Encoding.ASCII.GetBytes(text));
        file.Flush();
        disk.FlushDirectory(folder);
        disk.FlushDirectory("/");
        return disk;
    }

    private static byte[] Filled(char c, int count) => [.. Enumerable.Repeat((byte)c, count)];

    private static string Text(SimulatedDisk disk, string path)
    {
        using IFile file = disk.Open(path, FileOpen.Read);
        byte[] bytes = new byte[file.Length];
        Assert.Equal(bytes.Length, file.Read(0, bytes));
        return Encoding.ASCII.GetString(bytes);
    }
}
