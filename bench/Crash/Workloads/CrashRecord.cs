namespace Moldau.Crash.Workloads;

/// <summary>What a producer sends; a tombstone's value is null.</summary>
internal readonly record struct CrashRecord(int Partition, byte[]? Key, byte[]? Value);

/// <summary>What the records of a producer look like, by their running number.</summary>
internal interface IWorkload
{
    /// <summary>Records that are sent at most each time the producer comes by, every few milliseconds.</summary>
    int RecordsAtOnce { get; }

    CrashRecord At(long sequence);
}
