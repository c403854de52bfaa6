using Moldau.Protocol;
using Moldau.Raft.Roles;

namespace Moldau.Raft;

/// <summary>The follower's side of FetchSnapshot: piece after piece, then the log begins anew behind the snapshot.</summary>
internal sealed class SnapshotFetches(Quorum quorum, LeaderDiscovery discovery)
{
    public bool HandleAnswer(RaftFetchSnapshotResponse response)
    {
        if (discovery.Learn(response) is { } handled) return handled;
        if (quorum.Role is not FollowerRole { Snapshot: { } fetching } follower) return false;
        bool isGone = response.Error == ErrorCode.SnapshotNotFound;
        if (response.Error != ErrorCode.None && !isGone) return false;
        if (isGone || response.SnapshotId != fetching.Id || response.Position != fetching.Position)
        {
            // The leader has deleted it for a newer one: a plain fetch tells which.
            follower.Snapshot = null;
            if (isGone) follower.LeaderAnswered(quorum.NowMs + quorum.Options.FetchTimeoutMs);
            return isGone;
        }

        long end = fetching.Position + response.Bytes.Length;
        if (end > response.Size || (response.Bytes.IsEmpty && end < response.Size)) return false;
        quorum.Effects.Add(new AppendSnapshotPiece(fetching.Id, fetching.Position, response.Bytes));
        follower.Snapshot = (fetching.Id, end);
        if (end == response.Size)
        {
            follower.Snapshot = null;
            follower.IsInstalling = true;
            quorum.Effects.Add(new InstallSnapshot(fetching.Id));
        }

        follower.LeaderAnswered(quorum.NowMs + quorum.Options.FetchTimeoutMs);
        return true;
    }

    /// <summary>The snapshot is durable and the log is empty behind it.</summary>
    public void Installed(OffsetAndEpoch id, VoterSet? voters, short kraftVersion)
    {
        Invariant.That(id.Offset > quorum.HighWatermark);
        quorum.Log.StartAfter(id);
        quorum.Voters.Reset(id.Offset, voters, kraftVersion);
        quorum.MoveHighWatermark(id.Offset);
        if (quorum.Role is FollowerRole follower) follower.IsInstalling = false;
    }
}
