using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Moldau.Protocol.Transport;

/// <summary>Linux's sendfile: bytes go from the page cache to the socket without passing through the process. Elsewhere regions are copied.</summary>
internal static partial class SendFile
{
    private const int Interrupted = 4, Again = 11, InvalidArgument = 22, NotImplemented = 38;

    /// <summary>Whether this region can go by sendfile.</summary>
    public static bool Serves(FileRegion region) => OperatingSystem.IsLinux() && region.File.Handle is not null;

    /// <summary>
    /// Sends what the socket takes now. 0 when it takes nothing, when the file has ended, or when the system has no sendfile for this file: the caller
    /// then copies a piece, which waits for room or finds the end. The socket is non-blocking, since it has been received from.
    /// </summary>
    public static int TrySend(Socket socket, FileRegion region)
    {
        if (!Serves(region)) return 0;
        while (true)
        {
            long position = region.Position;
            nint sent = Call(socket.SafeHandle, region.File.Handle!, ref position, (nuint)region.Length);
            if (sent >= 0) return (int)sent;
            int error = Marshal.GetLastPInvokeError();
            if (error == Interrupted) continue;
            if (error is Again or InvalidArgument or NotImplemented) return 0;
            throw new IOException($"sendfile failed: {Marshal.GetPInvokeErrorMessage(error)}");
        }
    }

    [LibraryImport("libc", EntryPoint = "sendfile", SetLastError = true)]
    private static partial nint Call(SafeSocketHandle socket, SafeFileHandle file, ref long position, nuint count);
}
