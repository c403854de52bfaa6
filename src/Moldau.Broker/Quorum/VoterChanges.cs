using Moldau.Metadata;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Raft;

namespace Moldau.Broker.Quorum;

/// <summary>
/// Judges requests that would change the voter set (KIP-853), as the leader of a quorum of one. That quorum keeps its one voter: it cannot be taken out, and a new one
/// must have caught up with the log first, which nobody can from a leader without followers.
/// </summary>
internal sealed class VoterChanges(RaftNode raft, string clusterId, string controllerListener)
{
    /// <summary>Whether a voter may be added.</summary>
    public ApiError Add(AddRaftVoterRequest request)
    {
        QuorumStatus quorum = raft.Status;
        if (CheckQuorum(request.ClusterId, quorum) is { IsFailure: true } error) return error;
        if (request.VoterId < 0 || request.VoterDirectoryId == Uuid.Zero) return Invalid("Add voter request didn't include a valid voter");
        if (!request.Listeners.Any(listener => IsControllers(listener.Name)))
        {
            return Invalid($"Add voter request didn't include the endpoint for the default listener {controllerListener}");
        }

        if (CheckLevel("adding", quorum) is { IsFailure: true } old) return old;
        var voter = new ReplicaKey(request.VoterId, request.VoterDirectoryId);
        return quorum.Voters.Find(voter.Id) is not null
            ? new ApiError(ErrorCode.DuplicateVoter, $"The voter id for {voter} is already part of the set of voters {quorum.Voters}.")
            : new ApiError(ErrorCode.RequestTimedOut, $"Aborted add voter operation for {voter} since it is lagging behind");
    }

    /// <summary>Whether a voter may be removed.</summary>
    public ApiError Remove(RemoveRaftVoterRequest request)
    {
        QuorumStatus quorum = raft.Status;
        if (CheckQuorum(request.ClusterId, quorum) is { IsFailure: true } error) return error;
        if (request.VoterId < 0 || request.VoterDirectoryId == Uuid.Zero) return Invalid("Remove voter request didn't include a valid voter");
        if (CheckLevel("removing", quorum) is { IsFailure: true } old) return old;
        // The last voter is answered as one that is not there, as in Kafka.
        return new ApiError(ErrorCode.VoterNotFound, $"Cannot remove voter {new ReplicaKey(request.VoterId, request.VoterDirectoryId)} from the set of voters {quorum.Voters}");
    }

    /// <summary>Whether a voter may describe itself so. The one voter is this node, which writes its own endpoints when it begins to lead: all it can say here is the same again.</summary>
    public ErrorCode Update(UpdateRaftVoterRequest request)
    {
        QuorumStatus quorum = raft.Status;
        if (CheckQuorum(request.ClusterId, quorum) is { IsFailure: true } error) return error.Code;
        if (request.CurrentLeaderEpoch < quorum.Epoch) return ErrorCode.FencedLeaderEpoch;
        if (request.CurrentLeaderEpoch > quorum.Epoch) return ErrorCode.UnknownLeaderEpoch;
        (short min, short max) = (request.KRaftVersionFeature.MinSupportedVersion, request.KRaftVersionFeature.MaxSupportedVersion);
        bool isValid = request.VoterId >= 0 && request.VoterDirectoryId != Uuid.Zero && request.Listeners.Any(listener => IsControllers(listener.Name)) && min >= 0 && max >= min;
        if (!isValid || quorum.KRaftVersion < min || quorum.KRaftVersion > max) return ErrorCode.InvalidRequest;
        var key = new ReplicaKey(request.VoterId, request.VoterDirectoryId);
        if (quorum.Voters.Find(key.Id) is not { } voter || !voter.Is(key)) return ErrorCode.VoterNotFound;
        var told = new VoterNode(voter.Key, [.. request.Listeners.Select(listener => new VoterEndpoint(listener.Name, listener.Host, listener.Port))], min, max);
        return told == voter ? ErrorCode.None : ErrorCode.InvalidRequest;
    }

    private ApiError CheckQuorum(string? asked, QuorumStatus quorum)
    {
        if (asked is not null && asked != clusterId) return new ApiError(ErrorCode.InconsistentClusterId, $"The given id \"{asked}\" doesn't match the cluster id \"{clusterId}\"");
        return quorum.LeaderId >= 0 && quorum.HighWatermark >= 0 ? ApiError.None : new ApiError(ErrorCode.NotLeaderOrFollower);
    }

    private static ApiError CheckLevel(string what, QuorumStatus quorum) => quorum.KRaftVersion > 0
        ? ApiError.None
        : new ApiError(ErrorCode.UnsupportedVersion, $"Cluster doesn't support {what} voter because the kraft.version feature is {quorum.KRaftVersion}");

    private bool IsControllers(string listener) => string.Equals(listener, controllerListener, StringComparison.OrdinalIgnoreCase);

    private static ApiError Invalid(string reason) => new(ErrorCode.InvalidRequest, reason);
}
