using System.Text;

namespace Moldau.Crash.Workloads;

/// <summary>Records of all sizes, without keys, over all partitions by chance.</summary>
internal sealed class PlainWorkload(int partitions, int atOnce, int seed) : IWorkload
{
    private const int ValueBytesMax = 1200;
    private readonly Random _random = new(seed);

    public int RecordsAtOnce { get; } = atOnce;

    public CrashRecord At(long sequence) =>
        new(_random.Next(partitions), null, Encoding.ASCII.GetBytes($"{sequence} {new string('.', _random.Next(ValueBytesMax))}"));
}
