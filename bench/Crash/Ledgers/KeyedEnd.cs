namespace Moldau.Crash.Ledgers;

/// <summary>The last record of a key: where it stands and its producer's number for it. The number of a tombstone that was read is not known: -1.</summary>
internal readonly record struct KeyedEnd(long Offset, long Sequence)
{
    public const long Tombstone = -1;
}
