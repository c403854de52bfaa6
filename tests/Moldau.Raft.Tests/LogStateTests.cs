using Moldau.Protocol;

namespace Moldau.Raft.Tests;

public sealed class LogStateTests
{
    [Fact]
    public void Appending_a_gap_or_an_older_epoch_breaks_an_invariant()
    {
        var log = new LogState();
        log.Append(0, 4, 3);
        Assert.Throws<InvariantViolationException>(() => log.Append(6, 6, 3));
        Assert.Throws<InvariantViolationException>(() => log.Append(5, 5, 2));
    }

    [Fact]
    public void The_end_of_an_epoch_is_where_the_next_begins()
    {
        var log = new LogState();
        log.Append(0, 4, 1);
        log.Append(5, 9, 4);
        Assert.Equal(new OffsetAndEpoch(5, 1), log.EndOfEpoch(1));
        Assert.Equal(new OffsetAndEpoch(5, 1), log.EndOfEpoch(3));
        Assert.Equal(new OffsetAndEpoch(10, 4), log.EndOfEpoch(4));
        Assert.Equal(new OffsetAndEpoch(10, 4), log.EndOfEpoch(9));
        Assert.Equal(new OffsetAndEpoch(0, 0), log.EndOfEpoch(0));
    }

    [Fact]
    public void An_empty_log_behind_a_snapshot_ends_in_the_snapshots_epoch()
    {
        var log = new LogState();
        log.StartAfter(new OffsetAndEpoch(30, 7));
        Assert.Equal(new OffsetAndEpoch(30, 7), log.End);
        Assert.True(log.Check(30, 7).IsValid);
        Assert.Equal(new OffsetAndEpoch(30, 7), log.Check(10, 7).Snapshot);
        Assert.Equal(new OffsetAndEpoch(30, 7), log.Check(30, 6).Snapshot);
    }

    [Fact]
    public void Truncation_takes_epochs_and_durability_back()
    {
        var log = new LogState();
        log.Append(0, 4, 1);
        log.Append(5, 9, 4);
        log.Flushed(10);
        log.TruncateTo(5);
        Assert.Equal((new OffsetAndEpoch(5, 1), 5L), (log.End, log.FlushedOffset));
    }

    [Fact]
    public void A_voter_history_gives_the_set_as_of_an_offset()
    {
        var history = new VoterHistory(Script.Voters(1));
        Assert.Equal((null, (short)0), history.At(100));
        history.Reset(0, Script.Voters(2), 1);
        Assert.Equal(VoterHistory.BootstrapOffset, history.CurrentOffset);
        history.Add(10, Script.Voters(3));
        Assert.Equal(2, history.At(10).Voters!.Count);
        Assert.Equal(3, history.At(11).Voters!.Count);
        history.TruncateTo(10);
        Assert.Equal(2, history.Current.Count);
    }
}
