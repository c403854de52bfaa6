namespace Moldau.Storage.Files;

/// <summary>Turns what the framework throws for a disk into <see cref="DiskException"/>; a missing file keeps its own exception.</summary>
internal static class DiskErrors
{
    private const int NoSpace = 28; // ENOSPC, the same on Linux and macOS
    private const int QuotaLinux = 122;
    private const int QuotaMac = 69;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int WouldBlock = 11; // EAGAIN
    private const int WouldBlockMac = 35;
    private const int WindowsSharing = unchecked((int)0x80070020);
    private const int WindowsQuota = unchecked((int)0x8007050F);

    /// <summary>Whether the exception is the framework's word for a disk failure.</summary>
    public static bool IsForeign(Exception exception) =>
        exception is UnauthorizedAccessException or (IOException and not (DiskException or FileNotFoundException or EndOfStreamException));

    /// <summary>Whether a file could not be opened because another process has it.</summary>
    public static bool IsTaken(Exception exception) => exception.HResult == (OperatingSystem.IsWindows() ? WindowsSharing : OperatingSystem.IsMacOS() ? WouldBlockMac : WouldBlock);

    /// <summary>The failure as the node sees it.</summary>
    public static DiskException From(Exception exception, string path) =>
        new(IsFull(exception.HResult) ? DiskFailure.Full : DiskFailure.Io, path, $"{path}: {exception.Message}", exception);

    /// <summary>The failure an error number of the C library stands for.</summary>
    public static DiskException FromErrno(int errno, string path, string call, DiskFailure otherwise)
    {
        DiskFailure failure = otherwise != DiskFailure.Flush && IsFull(errno) ? DiskFailure.Full : otherwise;
        return new(failure, path, $"{path}: {call}: {System.Runtime.InteropServices.Marshal.GetPInvokeErrorMessage(errno)}");
    }

    /// <summary>Runs a call on the file system, translating its failures.</summary>
    public static T Translate<T>(string path, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception failure) when (IsForeign(failure))
        {
            throw From(failure, path);
        }
    }

    /// <summary>Runs a call on the file system, translating its failures.</summary>
    public static void Translate(string path, Action call)
    {
        try
        {
            call();
        }
        catch (Exception failure) when (IsForeign(failure))
        {
            throw From(failure, path);
        }
    }

    // On Unix the framework keeps the error number as HResult.
    private static bool IsFull(int code) => OperatingSystem.IsWindows()
        ? code is WindowsDiskFull or WindowsHandleDiskFull or WindowsQuota
        : code == NoSpace || code == (OperatingSystem.IsMacOS() ? QuotaMac : QuotaLinux);
}
