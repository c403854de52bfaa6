using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Moldau.Load.Compare.Runs;

/// <summary>What is asked of the disk between measurements.</summary>
internal static partial class Disk
{
    private const int DontNeed = 4;

    /// <summary>Waits until what was written before is on the disk, so that nobody measures how it gets there.</summary>
    public static void Settle() => Sync();

    /// <summary>Drops files from the page cache. They must be on the disk already.</summary>
    public static void Forget(IEnumerable<string> files)
    {
        foreach (string path in files)
        {
            using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            int error = Advise(file, 0, 0, DontNeed);
            if (error != 0) throw new IOException($"posix_fadvise of {path} failed: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }

    [LibraryImport("libc", EntryPoint = "sync")]
    private static partial void Sync();

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(SafeFileHandle file, long offset, long length, int advice);
}
