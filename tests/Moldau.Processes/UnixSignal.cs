using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Moldau.Processes;

/// <summary>Asks a process to end. .NET can only kill.</summary>
public static class UnixSignal
{
    private const int SigTerm = 15;

    /// <summary>Sends SIGTERM; where that fails, for example because the process has just ended, nothing happens.</summary>
    public static void Terminate(Process process)
    {
        if (OperatingSystem.IsWindows()) process.Kill();
        else if (!process.HasExited) _ = Signal(process.Id, SigTerm);
    }

    [DllImport("libc", EntryPoint = "kill"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int processId, int signal);
}
