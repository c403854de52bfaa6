using System.Globalization;

namespace Moldau.Load.Startup;

/// <summary>One node's life: first start on a fresh folder, idle memory, second start on what it left.</summary>
internal sealed record StartupSample(TimeSpan First, TimeSpan Again, long IdleBytes)
{
    public double IdleMegabytes => IdleBytes / 1e6;

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"first start {First.TotalMilliseconds:0} ms, second {Again.TotalMilliseconds:0} ms, idle {IdleMegabytes:0.0} MB");
}
