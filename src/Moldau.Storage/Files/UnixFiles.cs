using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Moldau.Storage.Files;

/// <summary>The calls of the C library that the framework does not offer. Linux and macOS.</summary>
internal static partial class UnixFiles
{
    private const int Interrupted = 4; // EINTR
    private const int InvalidArgument = 22; // EINVAL: the file system cannot flush a folder, so it needs no flush of it
    private const int ReadOnly = 0;
    private const int CloseOnExecLinux = 0x80000;
    private const int CloseOnExecMac = 0x1000000;
    private const int SetOpenFileLock = 37; // F_OFD_SETLK
    private const short WriteLock = 1; // F_WRLCK

    /// <summary>fdatasync: content and length, without the modification time that a full fsync would journal. Linux.</summary>
    public static void FlushData(SafeFileHandle handle, string path)
    {
        int errno = Retry(() => fdatasync(handle));
        if (errno != 0) throw DiskErrors.FromErrno(errno, path, "fdatasync", DiskFailure.Flush);
    }

    /// <summary>fsync of a folder.</summary>
    public static void FlushDirectory(string directory)
    {
        int closeOnExec = OperatingSystem.IsMacOS() ? CloseOnExecMac : CloseOnExecLinux;
        int descriptor = -1;
        int errno = Retry(() => descriptor = open(directory, ReadOnly | closeOnExec));
        if (errno != 0) throw DiskErrors.FromErrno(errno, directory, "open", DiskFailure.Io);
        errno = Retry(() => fsync(descriptor));
        _ = close(descriptor);
        if (errno is not (0 or InvalidArgument)) throw DiskErrors.FromErrno(errno, directory, "fsync", DiskFailure.Flush);
    }

    /// <summary>
    /// Locks the whole file for this open handle. Such a lock also excludes the record locks of a JVM, so that an Apache Kafka never has
    /// the folder at the same time, and closing another handle of the file does not drop it. False when someone else has it. Linux, 64 bit.
    /// </summary>
    public static bool TryLock(SafeFileHandle handle)
    {
        LockRange whole = new() { Type = WriteLock };
        return Retry(() => fcntl(handle, SetOpenFileLock, ref whole)) == 0;
    }

    private static int Retry(Func<int> call)
    {
        while (true)
        {
            if (call() >= 0) return 0;
            int errno = Marshal.GetLastPInvokeError();
            if (errno != Interrupted) return errno;
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fdatasync(SafeFileHandle handle);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(SafeFileHandle handle, int command, ref LockRange range);

    /// <summary><c>struct flock</c>; start 0 and length 0 are the whole file.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct LockRange
    {
        public short Type;
        public short Whence;
        public long Start;
        public long Length;
        public int ProcessId;
    }
}
