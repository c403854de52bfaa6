using System.Diagnostics;
using System.Globalization;

namespace Moldau.Load.Compare.Runs;

/// <summary>How much others keep the machine busy, by the kernel's pressure stall information.</summary>
internal static class Pressure
{
    private const string File = "/proc/pressure/cpu";

    /// <summary>The share of the last ten seconds in which somebody waited for a processor, in percent; null where the kernel does not tell.</summary>
    public static double? Now() => System.IO.File.Exists(File) ? Read(System.IO.File.ReadAllText(File)) : null;

    /// <summary>Waits for a while until the machine is quiet.</summary>
    /// <returns>The pressure then, quiet or not.</returns>
    public static async Task<double?> CalmAsync()
    {
        long began = Stopwatch.GetTimestamp();
        while (Now() is > Limits.PressurePercentMax && Stopwatch.GetElapsedTime(began) < Limits.Calming) await Task.Delay(TimeSpan.FromSeconds(1));
        return Now();
    }

    /// <summary>Reads the line <c>some avg10=…</c>.</summary>
    internal static double? Read(string text)
    {
        const string Before = "some avg10=";
        int at = text.IndexOf(Before, StringComparison.Ordinal);
        if (at < 0) return null;
        string number = text[(at + Before.Length)..].Split(' ', 2)[0];
        return double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double percent) ? percent : null;
    }

    /// <summary>Refuses a busy machine.</summary>
    /// <returns>What the report says of it.</returns>
    /// <exception cref="BusyMachineException">The machine is busy and that is not accepted.</exception>
    public static string Require(double? percent, bool isBusyAccepted)
    {
        if (percent is not { } busy) return "how busy the machine was is not known";
        string said = string.Create(CultureInfo.InvariantCulture, $"cpu pressure {busy:0.0} % before");
        if (busy <= Limits.PressurePercentMax) return said;
        if (isBusyAccepted) return $"**on a busy machine** ({said}): good for trying, not for judging";
        throw new BusyMachineException(string.Create(
            CultureInfo.InvariantCulture,
            $"the machine is busy: in {busy:0.0} % of the last ten seconds somebody waited for a processor, and more than {Limits.PressurePercentMax} % makes the figures worthless. End what runs beside, or say --busy-ok: the report is then marked."));
    }
}

/// <summary>Others use the machine.</summary>
internal sealed class BusyMachineException(string message) : Exception(message);
