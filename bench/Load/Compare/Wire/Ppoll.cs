using System.Runtime.InteropServices;

namespace Moldau.Load.Compare.Wire;

/// <summary>Waits for sockets with nanoseconds of patience: one thread then serves all connections and wakes for the next intended send.</summary>
internal static partial class Ppoll
{
    public const short In = 1, Out = 4;
    private const int Interrupted = 4, SetTimerSlack = 29;

    [StructLayout(LayoutKind.Sequential)]
    public struct Entry
    {
        public int Socket;
        public short Wanted;
        public short Ready;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Timespec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }

    /// <summary>Returns how many entries are ready; 0 when the time is over.</summary>
    public static int Wait(Span<Entry> entries, TimeSpan patience)
    {
        var timeout = new Timespec { Seconds = (nint)(long)patience.TotalSeconds, Nanoseconds = (nint)(patience.Ticks % TimeSpan.TicksPerSecond * 100) };
        int ready = Call(ref MemoryMarshal.GetReference(entries), (nuint)entries.Length, in timeout, 0);
        if (ready >= 0) return ready;
        int error = Marshal.GetLastPInvokeError();
        return error == Interrupted ? 0 : throw new ReplayException($"ppoll failed: {Marshal.GetPInvokeErrorMessage(error)}");
    }

    /// <summary>Makes the calling thread's waits end when they should: the kernel rounds them up by 50 µs else.</summary>
    public static void WakeExactly() => _ = Control(SetTimerSlack, 1, 0, 0, 0);

    [LibraryImport("libc", EntryPoint = "ppoll", SetLastError = true)]
    private static partial int Call(ref Entry entries, nuint count, in Timespec timeout, nint signals);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Control(int option, nuint value, nuint third, nuint fourth, nuint fifth);
}
