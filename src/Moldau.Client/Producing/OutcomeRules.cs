using Moldau.Protocol;

namespace Moldau.Client.Producing;

/// <summary>What to do with a batch after an answer.</summary>
internal enum BatchAction
{
    /// <summary>It is in the log.</summary>
    Deliver,

    /// <summary>Send it again, under the same sequence number.</summary>
    Retry,

    /// <summary>It is certainly not in the log, and its sequence number is of no use any more: send it under a new identity.</summary>
    Resequence,

    /// <summary>Give it up.</summary>
    Fail,
}

/// <summary>What errors of a produce request mean for a batch.</summary>
internal static class OutcomeRules
{
    /// <param name="error">The partition's error.</param>
    /// <param name="isOldest">Whether no older batch of the partition is undecided.</param>
    /// <param name="hasGap">Whether an older batch was given up.</param>
    /// <param name="mayBeWritten">Whether an earlier attempt may have succeeded.</param>
    public static BatchAction Decide(ErrorCode error, bool isOldest, bool hasGap, bool mayBeWritten) => error switch
    {
        ErrorCode.None or ErrorCode.DuplicateSequenceNumber => BatchAction.Deliver,
        // Behind an undecided batch the broker cannot but refuse. Behind one that was given up it has said that this one is not there either.
        ErrorCode.OutOfOrderSequenceNumber => !isOldest ? BatchAction.Retry : hasGap ? BatchAction.Resequence : BatchAction.Fail,
        // The broker has forgotten the producer: whether an unanswered attempt is in the log cannot be found out any more.
        ErrorCode.UnknownProducerId or ErrorCode.InvalidProducerEpoch => !isOldest ? BatchAction.Retry : mayBeWritten ? BatchAction.Fail : BatchAction.Resequence,
        _ => error.IsRetriable() ? BatchAction.Retry : BatchAction.Fail,
    };

    /// <summary>Whether the failure says that the metadata is out of date.</summary>
    public static bool NeedsMetadata(ErrorCode error) => error is
        ErrorCode.NotLeaderOrFollower
        or ErrorCode.LeaderNotAvailable
        or ErrorCode.UnknownTopicOrPartition
        or ErrorCode.UnknownTopicId
        or ErrorCode.InconsistentTopicId
        or ErrorCode.FencedLeaderEpoch
        or ErrorCode.UnknownLeaderEpoch
        or ErrorCode.KafkaStorageError
        or ErrorCode.ReplicaNotAvailable
        or ErrorCode.NetworkException
        or ErrorCode.RequestTimedOut;

    /// <summary>Whether the broker may have appended the batch although it reports the error.</summary>
    public static bool MayBeWritten(ErrorCode error) => error is
        ErrorCode.NetworkException or ErrorCode.RequestTimedOut or ErrorCode.NotEnoughReplicasAfterAppend or ErrorCode.UnknownServerError or ErrorCode.KafkaStorageError;
}
