using Moldau.Protocol;

namespace Moldau.Raft.Tests;

public sealed class SingleVoterTests
{
    [Fact]
    public void Commits_nothing_before_its_own_log_is_flushed()
    {
        Script script = Script.Started(1);
        Assert.Equal(-1, script.Core.HighWatermark);
        script.Append(5);
        Assert.Equal(-1, script.Core.HighWatermark);
        Assert.Equal(new HighWatermarkMoved(8), Assert.Single(script.Flush()));
    }

    [Fact]
    public void Elects_itself_at_start_and_writes_leader_change_kraft_version_and_voters_in_one_batch()
    {
        IReadOnlyList<RaftEffect> effects = Script.Of(1).Start();

        Assert.Equal(new PersistElection(new ElectionState(1, -1, Script.Key(1)), 1, Script.Voters(1)), effects[0]);
        Assert.Equal(new PersistElection(new ElectionState(1, 1, null), 1, Script.Voters(1)), effects.OfType<PersistElection>().Last());
        AppendControlBatch batch = Assert.Single(effects.OfType<AppendControlBatch>());
        Assert.Equal((0L, 1), (batch.BaseOffset, batch.Epoch));
        LeaderChangeRecord change = Assert.IsType<LeaderChangeRecord>(batch.Records[0]);
        Assert.Equal(1, change.LeaderId);
        Assert.Equal([1], change.Voters);
        Assert.Equal([1], change.GrantingVoters);
        Assert.Equal(new KRaftVersionChange(1), batch.Records[1]);
        Assert.Equal(new VotersChange(Script.Voters(1)), batch.Records[2]);
        Assert.IsType<FlushLog>(effects[^1]);
    }

    [Fact]
    public void Its_vote_is_durable_before_it_appends()
    {
        List<RaftEffect> effects = [.. Script.Of(1).Start()];
        Assert.True(effects.FindLastIndex(effect => effect is PersistElection) < effects.FindIndex(effect => effect is AppendControlBatch));
    }

    [Fact]
    public void Announces_itself_with_the_start_of_its_epoch()
    {
        IReadOnlyList<RaftEffect> effects = Script.Of(1).Start();
        Assert.Equal(new LeaderChanged(1, 1, 0), effects.OfType<LeaderChanged>().Last());
    }

    [Fact]
    public void Takes_the_next_epoch_after_a_restart_and_does_not_repeat_the_voters()
    {
        Script script = Script.Of(1, new ElectionState(4, 1, null), (log, voters) =>
        {
            log.Restore(0, 30, 30);
            log.Epochs.Append(4, 0);
            voters.Add(1, 1);
            voters.Add(2, Script.Voters(1));
        });
        IReadOnlyList<RaftEffect> effects = script.Start();
        Assert.Equal(5, script.Core.Epoch);
        AppendControlBatch batch = Assert.Single(effects.OfType<AppendControlBatch>());
        Assert.Equal(30, batch.BaseOffset);
        Assert.IsType<LeaderChangeRecord>(Assert.Single(batch.Records));
    }

    [Fact]
    public void Takes_an_epoch_above_its_log_when_the_election_state_was_lost()
    {
        Script script = Script.Started(1, ElectionState.Initial, (log, voters) =>
        {
            log.Restore(0, 30, 30);
            log.Epochs.Append(7, 0);
            voters.Add(2, Script.Voters(1));
        });
        Assert.Equal(8, script.Core.Epoch);
    }

    [Fact]
    public void Writes_the_voters_again_when_it_listens_elsewhere()
    {
        var options = new RaftOptions { Local = Script.Key(1), LocalEndpoints = [new VoterEndpoint("CONTROLLER", "elsewhere", 1)] };
        Script script = Script.Of(1, new ElectionState(1, 1, null), (log, voters) =>
        {
            log.Restore(0, 3, 3);
            log.Epochs.Append(1, 0);
            voters.Add(1, 1);
            voters.Add(2, Script.Voters(1));
        }, options);
        AppendControlBatch batch = Assert.Single(script.Start().OfType<AppendControlBatch>());
        VoterSet written = Assert.IsType<VotersChange>(batch.Records[2]).Voters;
        Assert.Equal("elsewhere", written.Nodes[0].Endpoints[0].Host);
        Assert.Equal(written, script.Core.Voters.Current);
        Assert.Equal(5, script.Core.Voters.CurrentOffset);
    }

    [Fact]
    public void With_configured_voters_it_writes_no_voter_set()
    {
        var history = new VoterHistory(Script.Voters(1));
        var core = new RaftCore(new RaftOptions { Local = Script.Key(1) }, ElectionState.Initial, new LogState(), history, _ => 0);
        core.Start(0);
        AppendControlBatch batch = Assert.Single(core.TakeEffects().OfType<AppendControlBatch>());
        Assert.IsType<LeaderChangeRecord>(Assert.Single(batch.Records));
    }

    [Fact]
    public void Does_not_stand_for_election_when_it_is_no_voter()
    {
        var options = new RaftOptions { Local = new ReplicaKey(1, Script.Directory(99)) };
        Script script = Script.Of(1, options: options);
        script.Start();
        script.After(60_000);
        Assert.Equal(RaftRole.Unattached, script.Core.Role);
        Assert.Equal(0, script.Core.Epoch);
    }

    [Fact]
    public void Resigns_when_it_stops_and_stays_resigned()
    {
        Script script = Script.Started(1);
        script.Flush();
        script.Core.Stop(script.NowMs);
        IReadOnlyList<RaftEffect> effects = script.Take();
        Assert.Equal(new LeaderChanged(-1, 1, -1), Assert.Single(effects.OfType<LeaderChanged>()));
        Assert.True(script.Core.IsStopped);
        Assert.Empty(script.After(60_000));
        Assert.Equal(RaftRole.Resigned, script.Core.Role);
    }

    [Fact]
    public void Has_no_deadline_while_it_leads_alone()
    {
        Script script = Script.Started(1);
        script.Flush();
        Assert.Equal(long.MaxValue, script.Core.NextDeadlineMs);
    }
}
