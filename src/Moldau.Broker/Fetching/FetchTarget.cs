using Moldau.Broker.Partitions;
using Moldau.Protocol;
using Moldau.Storage.Indexes;

namespace Moldau.Broker.Fetching;

/// <summary>
/// One partition of a fetch: what the client asked, what the last read found, and, in a session, what the client was told last. Kept as long as the session,
/// or recycled, so that a fetch takes no memory per partition.
/// </summary>
internal sealed class FetchTarget
{
    /// <summary>The topic's name; null while an id that the client gave is not known.</summary>
    public string? Topic { get; set; }

    /// <summary>The topic's id; zero when the client names topics.</summary>
    public Uuid TopicId { get; set; }

    /// <summary>The partition's number.</summary>
    public int Partition { get; set; }

    /// <summary>Where the client wants to read.</summary>
    public long FetchOffset { get; set; }

    /// <summary>The leader epoch it knows; -1: none.</summary>
    public int CurrentLeaderEpoch { get; set; }

    /// <summary>The epoch of the record before the fetch offset, from followers; -1: none.</summary>
    public int LastFetchedEpoch { get; set; }

    /// <summary>Bytes it wants of this partition at most.</summary>
    public int MaxBytes { get; set; }

    /// <summary>High watermark and log start of the last answer in this session; -1: not told yet.</summary>
    public long ToldHighWatermark { get; set; } = -1;

    /// <summary>See <see cref="ToldHighWatermark"/>.</summary>
    public long ToldLogStart { get; set; } = -1;

    /// <summary>What the last read found.</summary>
    public FetchResult Result;

    /// <summary>Neighbours in the session's order.</summary>
    internal FetchTarget? Previous { get; set; }

    /// <inheritdoc cref="Previous"/>
    internal FetchTarget? Next { get; set; }

    /// <summary>Takes over what a request says of the partition.</summary>
    public void Ask(long fetchOffset, int currentLeaderEpoch, int lastFetchedEpoch, int maxBytes)
    {
        FetchOffset = fetchOffset;
        // Unlike elsewhere, every negative epoch of a fetch means that none is asked for.
        CurrentLeaderEpoch = Math.Max(currentLeaderEpoch, -1);
        LastFetchedEpoch = lastFetchedEpoch;
        MaxBytes = maxBytes;
    }

    /// <summary>Lets the file go that the last read found records in, when they will not be sent.</summary>
    public void DropRecords()
    {
        Result.Records.Region?.File.Release();
        Result.Records = Records.Empty;
    }

    /// <summary>Whether an incremental answer has to name this partition: records, an error, or news of its offsets.</summary>
    public bool HasNews() =>
        Result.Records.Length > 0 || Result.Error != ErrorCode.None || Result.DivergingEndOffset >= 0
        || Result.HighWatermark != ToldHighWatermark || Result.LogStart != ToldLogStart;

    /// <summary>Remembers what the client is told now. After an error everything is news.</summary>
    public void Tell()
    {
        bool failed = Result.Error != ErrorCode.None;
        ToldHighWatermark = failed ? -1 : Result.HighWatermark;
        ToldLogStart = failed ? -1 : Result.LogStart;
    }
}

/// <summary>What reading one partition found.</summary>
internal struct FetchResult
{
    public HostedPartition? Source;
    public ErrorCode Error;
    public long HighWatermark;
    public long LastStableOffset;
    public long LogStart;

    /// <summary>The offset up to which this client may read, at the time of the read: a wait is over when it has moved.</summary>
    public long ReadableEnd;

    /// <summary>Bytes that this client could read: of <see cref="Records"/>, and what has come since.</summary>
    public long Available;

    public Records Records;
    public IReadOnlyList<AbortedTransaction>? Aborted;
    public int DivergingEpoch;
    public long DivergingEndOffset;
    public int LeaderId;
    public int LeaderEpoch;

    public static FetchResult Failed(ErrorCode error) => new()
    {
        Error = error,
        HighWatermark = -1,
        LastStableOffset = -1,
        LogStart = -1,
        ReadableEnd = -1,
        Records = Records.Empty,
        DivergingEpoch = -1,
        DivergingEndOffset = -1,
        LeaderId = -1,
        LeaderEpoch = -1,
    };
}
