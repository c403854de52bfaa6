using Moldau.Simulated.Disk;
using Moldau.Storage.Files;

namespace Moldau.Simulation.Disk;

/// <summary>What a power cut does to names, and how the simulated disk compares with a real one.</summary>
public sealed class NamesTests
{
    private const int Seeds = 200;

    [Fact]
    public void An_unflushed_name_may_be_lost_even_if_its_content_was_flushed()
    {
        HashSet<bool> outcomes = [];
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            SimulatedDisk disk = new(seed);
            using (IFile file = disk.Open("/a", FileOpen.CreateEmpty)) file.Flush();
            disk.PowerCut();
            outcomes.Add(disk.FileExists("/a"));
        }

        Assert.Equal(2, outcomes.Count);
    }

    [Fact]
    public void A_rename_is_atomic()
    {
        HashSet<string> outcomes = [];
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            SimulatedDisk disk = new(seed);
            Make(disk, "/a", 1);
            Make(disk, "/a.tmp", 2);
            disk.FlushDirectory("/");
            disk.Rename("/a.tmp", "/a");
            disk.PowerCut();
            outcomes.Add(string.Join(' ', disk.ListFiles("/").Select(name => $"{name}={disk.FileLength(name)}")));
        }

        Assert.Equal(["a=1 a.tmp=2", "a=2"], outcomes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Names_of_a_folder_become_durable_in_order()
    {
        HashSet<string> outcomes = [];
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            SimulatedDisk disk = new(seed);
            Make(disk, "/a", 0);
            Make(disk, "/b", 0);
            disk.DeleteFile("/a");
            disk.PowerCut();
            outcomes.Add(string.Join(' ', disk.ListFiles("/")));
        }

        Assert.Equal(["", "a", "a b", "b"], outcomes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_flushed_folder_keeps_its_names_but_needs_its_own_in_the_parent()
    {
        HashSet<bool> outcomes = [];
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            SimulatedDisk disk = new(seed);
            disk.CreateDirectory("/t-0");
            Make(disk, "/t-0/a", 0);
            disk.FlushDirectory("/t-0");
            SimulatedDisk careless = disk.Clone(seed);
            careless.PowerCut();
            outcomes.Add(careless.DirectoryExists("/t-0"));
            disk.FlushDirectory("/");
            disk.PowerCut();
            Assert.Equal(["a"], disk.ListFiles("/t-0"));
        }

        Assert.Equal(2, outcomes.Count);
    }

    [Fact]
    public void A_new_file_over_an_old_one_leaves_open_handles_on_the_old_one()
    {
        SimulatedDisk disk = new(1);
        Make(disk, "/a", 3);
        using IFile old = disk.Open("/a", FileOpen.Read);
        using IFile anew = disk.Open("/a", FileOpen.CreateEmpty);
        Assert.Equal(3, old.Length);
        Assert.Equal(0, anew.Length);
        disk.DeleteFile("/a");
        Assert.Equal(3, old.Read(0, new byte[9]));
    }

    [Fact]
    public void A_held_file_is_readable_until_its_release_and_no_longer()
    {
        SimulatedDisk disk = new(1);
        Make(disk, "/a", 3);
        IFile file = disk.Open("/a", FileOpen.Read);
        Assert.True(file.TryHold());
        file.Dispose();
        Assert.Equal(3, file.Read(0, new byte[3]));
        file.Release();
        Assert.Throws<ObjectDisposedException>(() => file.Read(0, new byte[3]));
        Assert.False(file.TryHold());
    }

    [Fact]
    public void It_answers_as_the_machines_own_file_system_does()
    {
        string folder = Directory.CreateTempSubdirectory("moldau-names-").FullName;
        try
        {
            Assert.Equal(Answers(new PhysicalFileSystem(), folder), Answers(new SimulatedDisk(1), "/"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What a walk through the interface answers, with the kind of exception where there is one.</summary>
    private static List<string> Answers(IFileSystem files, string root)
    {
        List<string> answers = [];
        string At(string name) => $"{root}/{name}";
        void Ask(string what, Func<object?> question)
        {
            try
            {
                answers.Add($"{what}: {question()}");
            }
            catch (IOException failure)
            {
                answers.Add($"{what}: {failure.GetType().Name} {(failure as DiskException)?.Failure}");
            }
        }

        void Do(string what, Action action) => Ask(what, () =>
        {
            action();
            return "done";
        });

        foreach (FileOpen mode in Enum.GetValues<FileOpen>())
        {
            Do($"open absent {mode}", () => files.Open(At($"new-{mode}"), mode).Dispose());
            Do($"open in absent folder {mode}", () => files.Open(At("none/a"), mode).Dispose());
        }

        Do("mkdir", () => files.CreateDirectory(At("x/y/z")));
        Do("mkdir again", () => files.CreateDirectory(At("x/y")));
        Do("mkdir over file", () => files.CreateDirectory(At("new-CreateEmpty")));
        Do("open folder", () => files.Open(At("x"), FileOpen.OpenOrCreate).Dispose());
        Do("write", () =>
        {
            using IFile file = files.Open(At("x/a"), FileOpen.CreateEmpty);
            file.Write(5, "hello"u8);
            file.SetLength(8);
            file.Flush();
        });
        Do("write to a reader", () =>
        {
            using IFile file = files.Open(At("x/a"), FileOpen.Read);
            file.Write(0, "x"u8);
        });
        Ask("length", () => files.FileLength(At("x/a")));
        Ask("length absent", () => files.FileLength(At("x/b")));
        Ask("length in absent folder", () => files.FileLength(At("none/b")));
        Ask("length of folder", () => files.FileLength(At("x")));
        Ask("time absent", () => files.LastModified(At("none")));
        Do("set time absent", () => files.SetLastModified(At("none"), DateTimeOffset.UnixEpoch));
        Ask("exists", () => $"{files.FileExists(At("x/a"))} {files.FileExists(At("x"))} {files.DirectoryExists(At("x"))} {files.DirectoryExists(At("x/a"))}");
        Do("rename absent", () => files.Rename(At("none"), At("some")));
        Do("rename file over folder", () => files.Rename(At("new-CreateEmpty"), At("x")));
        Do("rename folder over file", () => files.Rename(At("x"), At("new-CreateEmpty")));
        Do("rename file over file", () => files.Rename(At("new-OpenOrCreate"), At("new-CreateEmpty")));
        Do("rename folder", () => files.Rename(At("x/y"), At("x/w")));
        Ask("files", () => string.Join(' ', files.ListFiles(root)));
        Ask("folders", () => string.Join(' ', files.ListDirectories(At("x"))));
        Ask("list absent", () => files.ListFiles(At("none")).Count);
        Do("flush folder", () => files.FlushDirectory(At("x")));
        Do("flush absent folder", () => files.FlushDirectory(At("none")));
        Do("delete absent", () => files.DeleteFile(At("none")));
        Do("delete folder as file", () => files.DeleteFile(At("x")));
        Do("delete absent folder", () => files.DeleteDirectory(At("none")));
        Do("lock twice", () =>
        {
            using IDisposable first = files.Lock(root);
            files.Lock(At(".lock")).Dispose();
        });
        Do("delete folder", () => files.DeleteDirectory(At("x")));
        Ask("gone", () => files.DirectoryExists(At("x")));
        return answers;
    }

    private static void Make(SimulatedDisk disk, string path, int length)
    {
        using IFile file = disk.Open(path, FileOpen.CreateEmpty);
        file.Write(0, new byte[length]);
        file.Flush();
    }
}
