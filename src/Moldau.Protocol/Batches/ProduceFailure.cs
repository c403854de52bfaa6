namespace Moldau.Protocol.Batches;

/// <summary>Why a batch is refused. Nothing of it is appended.</summary>
public sealed class ProduceFailure
{
    internal ProduceFailure(ErrorCode error, string reason)
    {
        Error = error;
        Reason = reason;
    }

    /// <summary>The error of the partition's response.</summary>
    public ErrorCode Error { get; }

    /// <summary>What is wrong, for the log.</summary>
    public string Reason { get; }

    /// <summary>The response's error message: Kafka sends one only with record errors and when the records do not begin with a batch; null otherwise.</summary>
    public string? ErrorMessage => InResponse ? Reason : null;

    /// <summary>The records that are to blame, at most <see cref="Limits.RecordErrors"/>; empty when the batch is.</summary>
    public IReadOnlyList<RecordError> RecordErrors { get; internal init; } = [];

    /// <summary>The rule by which the batch is refused where Apache Kafka would store it or give no better answer than UNKNOWN_SERVER_ERROR.</summary>
    public StricterRule Stricter { get; internal init; }

    internal bool InResponse { get; init; }

    internal static ProduceFailure Invalid(string reason, StricterRule stricter = StricterRule.None) =>
        new(ErrorCode.InvalidRecord, reason) { Stricter = stricter };

    internal static ProduceFailure Corrupt(string reason, StricterRule stricter = StricterRule.None, bool inResponse = false) =>
        new(ErrorCode.CorruptMessage, reason) { Stricter = stricter, InResponse = inResponse };
}

/// <summary>A record that spoils its batch.</summary>
/// <param name="BatchIndex">Its place in the batch, from 0.</param>
/// <param name="Message">What is wrong with it.</param>
public readonly record struct RecordError(int BatchIndex, string Message);
