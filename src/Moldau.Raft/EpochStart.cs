using System.Collections.Immutable;

namespace Moldau.Raft;

/// <summary>What a new leader writes first: its own record, and the voter set where the log does not have it yet or this node now listens elsewhere.</summary>
internal readonly struct EpochStart(Quorum quorum)
{
    public void AppendControlRecords(VoterSet voters, ImmutableArray<int> granting)
    {
        long offset = quorum.Log.EndOffset;
        ImmutableArray<ControlRecord>.Builder records = ImmutableArray.CreateBuilder<ControlRecord>();
        records.Add(new LeaderChangeRecord(quorum.Local.Id, [.. voters.Nodes.Select(voter => voter.Id)], granting));
        short level = quorum.Voters.KRaftVersion;
        if (level > 0 && NeedsVoters(voters))
        {
            VoterSet updated = quorum.Options.LocalEndpoints.Count > 0 ? voters.WithUpdated(quorum.Options.LocalVoter) : voters;
            records.Add(new KRaftVersionChange(level));
            quorum.Voters.Add(offset + 1, level);
            records.Add(new VotersChange(updated));
            quorum.Voters.Add(offset + 2, updated);
        }

        quorum.Log.Append(offset, offset + records.Count - 1, quorum.Epoch);
        quorum.Effects.Add(new AppendControlBatch(offset, quorum.Epoch, quorum.NowMs, records.ToImmutable()));
        quorum.Effects.Add(new FlushLog(quorum.Log.Generation));
    }

    private bool NeedsVoters(VoterSet voters) =>
        quorum.Voters.CurrentOffset == VoterHistory.BootstrapOffset
        || (quorum.Options.LocalEndpoints.Count > 0 && !quorum.Options.LocalVoter.Equals(voters.Find(quorum.Local.Id)));
}
