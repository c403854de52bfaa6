using Moldau.Protocol;
using Moldau.Protocol.Transport;
using Moldau.Raft;

namespace Moldau.Broker.Quorum;

/// <summary>Carries out what the core wants done, in order. Owned by the raft loop.</summary>
internal sealed class EffectRunner(
    RaftCore core, MetadataLog log, QuorumStateFile election, BatchAccumulator accumulator, IScheduler scheduler)
{
    /// <summary>The newest change of leader that has not been published; taken by the loop.</summary>
    public LeaderChanged? Change { get; set; }

    /// <exception cref="IOException">The disk failed.</exception>
    public async Task RunAsync()
    {
        foreach (RaftEffect effect in core.TakeEffects())
        {
            if (effect is PersistElection persist)
                await scheduler.RunBlocking(() => election.Write(persist.State, persist.KRaftVersion, persist.Voters));
            else Run(effect);
        }
    }

    private void Run(RaftEffect effect)
    {
        switch (effect)
        {
            case AppendControlBatch batch: log.Append(ControlRecords.Encode(batch.BaseOffset, batch.Epoch, batch.TimestampMs, batch.Records)); break;
            case FlushLog: log.RequestFlush(); break;
            case HighWatermarkMoved moved: log.SetHighWatermark(moved.HighWatermark); break;
            case LeaderChanged change: Change = change; break;
            case RoleChanged { Role: RaftRole.Leader } leader: accumulator.Open(leader.Epoch, core.Log.EndOffset); break;
            case RoleChanged other: accumulator.Close(other.Epoch); break;
            // A quorum of one has nobody to follow, to ask or to answer; a larger one is refused at the start.
            default: throw new InvariantViolationException($"a quorum of one has no use for {effect.GetType().Name}");
        }
    }
}
