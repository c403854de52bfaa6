using System.Diagnostics;
using Moldau.Storage.Files;

namespace Moldau.Storage.Tests.Files;

public sealed class PhysicalFileSystemTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("moldau-files-").FullName;
    private readonly PhysicalFileSystem files = new();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(FileOpen.Read)]
    [InlineData(FileOpen.ReadWrite)]
    public void Opening_an_absent_file_is_file_not_found(FileOpen mode)
    {
        Assert.Throws<FileNotFoundException>(() => files.Open(At("none"), mode));
        Assert.Throws<FileNotFoundException>(() => files.Open(At("no-folder/none"), mode));
    }

    [Fact]
    public void Creating_in_an_absent_folder_is_a_disk_failure()
    {
        DiskException failure = Assert.Throws<DiskException>(() => files.Open(At("no-folder/a"), FileOpen.OpenOrCreate));
        Assert.Equal(DiskFailure.Io, failure.Failure);
    }

    [Fact]
    public void Length_and_time_of_an_absent_file_are_file_not_found()
    {
        Assert.Throws<FileNotFoundException>(() => files.FileLength(At("none")));
        Assert.Throws<FileNotFoundException>(() => files.LastModified(At("none")));
    }

    [Fact]
    public void A_write_to_a_full_device_says_full()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full");
        using IFile full = files.Open("/dev/full", FileOpen.ReadWrite);
        DiskException failure = Assert.Throws<DiskException>(() => full.Write(0, "x"u8));
        Assert.Equal(DiskFailure.Full, failure.Failure);
    }

    [Fact]
    public void A_failed_flush_says_flush_and_is_final()
    {
        // A character device cannot be flushed (EINVAL).
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");
        using IFile unsyncable = files.Open("/dev/null", FileOpen.ReadWrite);
        Assert.Equal(DiskFailure.Flush, Assert.Throws<DiskException>(unsyncable.Flush).Failure);
        Assert.Contains("earlier flush", Assert.Throws<DiskException>(unsyncable.Flush).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Flushing_an_absent_folder_is_a_disk_failure()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "folders are not flushed on Windows");
        Assert.Throws<DiskException>(() => files.FlushDirectory(At("none")));
        files.FlushDirectory(folder);
    }

    [Fact]
    public void The_lock_excludes_this_process_until_it_is_disposed()
    {
        using (files.Lock(At(".lock")))
        {
            Assert.Throws<DiskException>(() => files.Lock(At(".lock")));
            Assert.Throws<DiskException>(() => new PhysicalFileSystem().Lock(folder));
        }

        files.Lock(folder).Dispose();
        Assert.True(files.FileExists(At(".lock")));
    }

    [Theory]
    [InlineData("fcntl.lockf(f, fcntl.LOCK_EX | fcntl.LOCK_NB)")] // the record lock a JVM takes
    [InlineData("fcntl.flock(f, fcntl.LOCK_EX | fcntl.LOCK_NB)")]
    public void The_lock_excludes_another_process(string attempt)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/python3"), "needs Linux and python3");
        using (files.Lock(At(".lock"))) Assert.Equal(1, Python(attempt));
        Assert.Equal(0, Python(attempt));
    }

    [Fact]
    public void What_is_written_is_read_back_and_the_length_follows()
    {
        using IFile file = files.Open(At("a"), FileOpen.OpenOrCreate);
        file.Write(3, "abc"u8);
        file.Flush();
        Assert.Equal(6, file.Length);
        byte[] read = new byte[10];
        Assert.Equal(6, file.Read(0, read));
        Assert.Equal("\0\0\0abc"u8, read.AsSpan(0, 6));
        Assert.Equal(0, file.Read(6, read));
        file.SetLength(4);
        Assert.Equal(4, files.FileLength(At("a")));
    }

    [Fact]
    public void A_held_file_stays_readable_after_dispose_and_deletion_until_the_release()
    {
        IFile file = files.Open(At("a"), FileOpen.OpenOrCreate);
        file.Write(0, "abc"u8);
        Assert.True(file.TryHold());
        file.Dispose();
        file.Dispose();
        files.DeleteFile(At("a"));
        byte[] read = new byte[3];
        Assert.Equal(3, file.Read(0, read));
        Assert.False(file.Handle!.IsClosed);
        file.Release();
        Assert.True(file.Handle!.IsClosed);
        Assert.False(file.TryHold());
    }

    [Fact]
    public void Creating_empty_leaves_an_open_old_file_as_it_was()
    {
        using IFile old = files.Open(At("a"), FileOpen.CreateEmpty);
        old.Write(0, "abc"u8);
        using IFile anew = files.Open(At("a"), FileOpen.CreateEmpty);
        Assert.Equal(3, old.Length);
        Assert.Equal(0, anew.Length);
        Assert.Equal(0, files.FileLength(At("a")));
    }

    [Fact]
    public void Rename_replaces_a_file_and_moves_a_folder()
    {
        files.Open(At("a"), FileOpen.CreateEmpty).Dispose();
        using (IFile b = files.Open(At("b"), FileOpen.CreateEmpty)) b.Write(0, "b"u8);
        files.Rename(At("b"), At("a"));
        Assert.Equal(1, files.FileLength(At("a")));
        Assert.False(files.FileExists(At("b")));
        files.CreateDirectory(At("t-0"));
        files.Rename(At("t-0"), At("t-0.x-delete"));
        Assert.True(files.DirectoryExists(At("t-0.x-delete")));
        Assert.Throws<FileNotFoundException>(() => files.Rename(At("none"), At("some")));
    }

    [Fact]
    public void Deleting_what_is_absent_is_nothing()
    {
        files.DeleteFile(At("none"));
        files.DeleteFile(At("no-folder/none"));
        files.DeleteDirectory(At("none"));
        files.CreateDirectory(At("x/y"));
        files.DeleteDirectory(At("x"));
        Assert.False(files.DirectoryExists(At("x")));
    }

    [Fact]
    public void Names_come_in_ordinal_order()
    {
        foreach (string name in new[] { "b", "a", "B", "a-1" }) files.Open(At(name), FileOpen.CreateEmpty).Dispose();
        files.CreateDirectory(At("z"));
        files.CreateDirectory(At("Z"));
        Assert.Equal(["B", "a", "a-1", "b"], files.ListFiles(folder));
        Assert.Equal(["Z", "z"], files.ListDirectories(folder));
        Assert.Throws<DiskException>(() => files.ListFiles(At("none")));
    }

    [Fact]
    public void The_modification_time_is_kept_and_there_is_free_space()
    {
        files.Open(At("a"), FileOpen.CreateEmpty).Dispose();
        DateTimeOffset time = new(2020, 1, 2, 3, 4, 5, TimeSpan.Zero);
        files.SetLastModified(At("a"), time);
        Assert.Equal(time, files.LastModified(At("a")));
        Assert.True(files.FreeBytes(folder) > 0);
    }

    private string At(string name) => Path.Combine(folder, name);

    private int Python(string attempt)
    {
        using Process process = Process.Start("/usr/bin/python3", ["-c", $"import fcntl,sys\nf=open(r'{At(".lock")}','r+')\ntry:\n {attempt}\nexcept OSError:\n sys.exit(1)"]);
        process.WaitForExit();
        return process.ExitCode;
    }
}
