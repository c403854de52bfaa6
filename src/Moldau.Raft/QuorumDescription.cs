using Moldau.Raft.Roles;

namespace Moldau.Raft;

/// <summary>A replica's state as its leader knows it.</summary>
/// <param name="Key">The replica.</param>
/// <param name="IsVoter">Voter or observer.</param>
/// <param name="LogEndOffset">Its log end; -1 unknown.</param>
/// <param name="LastFetchMs">When it last fetched; the time of asking for the leader itself; -1 never.</param>
/// <param name="LastCaughtUpMs">When it last had everything; the time of asking for the leader itself; -1 never.</param>
public readonly record struct ReplicaStatus(ReplicaKey Key, bool IsVoter, long LogEndOffset, long LastFetchMs, long LastCaughtUpMs);

/// <summary>Makes the answer to DescribeQuorum.</summary>
internal static class QuorumDescription
{
    /// <summary>An observer that has not fetched for so long is not shown any more, as in Kafka.</summary>
    private const long ObserverTimeoutMs = 300_000;

    public static IReadOnlyList<ReplicaStatus> Of(LeaderRole leader, Quorum quorum, long nowMs)
    {
        List<ReplicaStatus> result = [];
        foreach (VoterNode voter in quorum.Voters.Current.Nodes)
        {
            if (voter.Is(quorum.Local)) result.Add(new ReplicaStatus(quorum.Local, true, quorum.Log.EndOffset, nowMs, nowMs));
            else if ((leader.Progress(voter.Key) ?? leader.Replicas.FirstOrDefault(replica => voter.Is(replica.Key))) is { } known)
                result.Add(Status(known, isVoter: true));
            else result.Add(new ReplicaStatus(voter.Key, true, -1, -1, -1));
        }

        foreach (ReplicaProgress replica in leader.Replicas)
        {
            bool isSilent = nowMs - replica.LastFetchMs >= ObserverTimeoutMs;
            if (replica.Key != quorum.Local && !quorum.Voters.Current.Contains(replica.Key) && !isSilent) result.Add(Status(replica, isVoter: false));
        }

        return result;
    }

    private static ReplicaStatus Status(ReplicaProgress replica, bool isVoter) =>
        new(replica.Key, isVoter, replica.EndOffset, replica.LastFetchMs, replica.LastCaughtUpMs);
}
