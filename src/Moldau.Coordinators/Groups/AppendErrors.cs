using Moldau.Protocol;

namespace Moldau.Coordinators.Groups;

/// <summary>
/// Clients of a coordinator retry on three errors only, so what a failed append says about a partition is told in their words.
/// </summary>
internal static class AppendErrors
{
    /// <summary>The error a client gets for a failed write of its operation.</summary>
    public static ErrorCode ForClient(ErrorCode append) => append switch
    {
        ErrorCode.UnknownTopicOrPartition or ErrorCode.NotEnoughReplicas or ErrorCode.NotEnoughReplicasAfterAppend
            or ErrorCode.RequestTimedOut => ErrorCode.CoordinatorNotAvailable,
        ErrorCode.NotLeaderOrFollower or ErrorCode.KafkaStorageError => ErrorCode.NotCoordinator,
        ErrorCode.MessageTooLarge or ErrorCode.RecordListTooLarge or ErrorCode.InvalidFetchSize => ErrorCode.UnknownServerError,
        _ => append,
    };

    /// <summary>
    /// The same for OffsetFetch: consumers before 3.9 do not retry COORDINATOR_NOT_AVAILABLE there, but all look the coordinator up again
    /// on NOT_COORDINATOR.
    /// </summary>
    public static ErrorCode ForOffsetFetch(ErrorCode forClient) =>
        forClient == ErrorCode.CoordinatorNotAvailable ? ErrorCode.NotCoordinator : forClient;
}
