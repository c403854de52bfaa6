using System.Globalization;
using System.Text;

namespace Moldau.Crash.Workloads;

/// <summary>
/// Records for a compacted topic. Each is a function of its number, so that whoever reads one knows whether it was ever sent. Most go to a few
/// hot keys, which keeps the cleaner busy; some to keys that come back seldom: these live through many cleanings, and must.
/// </summary>
internal sealed class KeyedWorkload(int partitions, bool withTombstones) : IWorkload
{
    private const int HotKeys = 64;
    private const int WarmKeys = 2_000;
    private const int RareKeys = 20_000;
    private const int ValueBytesMin = 400;
    private const int ValueBytesSpread = 400;
    private const int RareEvery = 50;
    private const int WarmEvery = 5;
    private const int TombstoneEvery = 7;

    public int RecordsAtOnce => 4;

    public CrashRecord At(long sequence)
    {
        (string key, int partition) = Place(sequence);
        return new CrashRecord(partition, Encoding.ASCII.GetBytes(key), IsTombstone(sequence) ? null : Encoding.ASCII.GetBytes(Value(sequence)));
    }

    public string KeyOf(long sequence) => Place(sequence).Key;

    public bool IsTombstone(long sequence) => withTombstones && Mixed(sequence) % TombstoneEvery == 0;

    private static string Value(long sequence) =>
        string.Create(CultureInfo.InvariantCulture, $"{sequence} {new string('.', ValueBytesMin + (int)(Mixed(~sequence) % ValueBytesSpread))}");

    private (string Key, int Partition) Place(long sequence)
    {
        (char kind, long number) = sequence switch
        {
            _ when sequence % RareEvery == 0 => ('r', sequence / RareEvery % RareKeys),
            _ when sequence % WarmEvery == 0 => ('w', (long)(Mixed(sequence) % WarmKeys)),
            _ => ('h', (long)(Mixed(sequence) % HotKeys)),
        };
        return (string.Create(CultureInfo.InvariantCulture, $"{kind}{number}"), (int)(number % partitions));
    }

    // A number that looks drawn and is the same every time (the finalizer of SplitMix64).
    private static ulong Mixed(long sequence)
    {
        ulong mixed = unchecked((ulong)sequence + 0x9E3779B97F4A7C15);
        mixed = unchecked((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9);
        mixed = unchecked((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB);
        return mixed ^ (mixed >> 31);
    }
}
