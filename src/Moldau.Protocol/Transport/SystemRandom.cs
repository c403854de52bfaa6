using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Moldau.Protocol.Transport;

/// <summary>
/// Cryptographic random bytes. On Linux straight from the kernel: the framework's generator loads OpenSSL for it, 4 MB and a tenth of a node's start
/// that a node without TLS has no other use for.
/// </summary>
internal static partial class SystemRandom
{
    private const int Interrupted = 4;

    public static void Fill(Span<byte> target)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomNumberGenerator.Fill(target);
            return;
        }

        while (target.Length > 0)
        {
            nint got = Call(target, (nuint)target.Length, 0);
            if (got >= 0) target = target[(int)got..];
            else if (Marshal.GetLastPInvokeError() != Interrupted) throw new CryptographicException($"getrandom failed: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    [LibraryImport("libc", EntryPoint = "getrandom", SetLastError = true)]
    private static partial nint Call(Span<byte> target, nuint length, uint flags);
}
