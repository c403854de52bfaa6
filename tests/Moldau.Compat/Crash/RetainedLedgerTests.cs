using Moldau.Crash;
using Moldau.Crash.Ledgers;

namespace Moldau.Compat.Crash;

/// <summary>The judge of logs that are cut by size.</summary>
public sealed class RetainedLedgerTests
{
    private const int RetentionBytes = 1000;
    private readonly Violations _violations = new();
    private readonly ScriptedLog _log = new();
    private readonly RetainedLedger _ledger;

    public RetainedLedgerTests()
    {
        _ledger = new RetainedLedger("r", 0, RetentionBytes, _violations);
        for (int i = 0; i < 20; i++) _log.With(i, i, bytes: 100);
        for (int i = 0; i < 20; i++) _ledger.Acknowledge(i, i);
    }

    [Fact]
    public void An_acknowledged_record_above_the_start_that_is_not_there_is_lost()
    {
        _log.Start = 3;
        _ledger.Acknowledge(20, 20);
        _log.End = 21;

        Catch();

        Assert.Equal(["r-0: record 20 was acknowledged at offset 20 and is lost; the log ends at 20"], _violations.Kept);
    }

    [Fact]
    public void A_start_that_leaves_less_than_is_to_be_kept_is_found()
    {
        _log.Start = 16;

        Catch();

        Assert.Equal(["r-0: the log starts at 16, though what follows up to 20 has at most 720 bytes of the 1000 that are kept"], _violations.Kept);
    }

    [Fact]
    public void A_gap_above_the_start_is_found()
    {
        Catch();
        _log.With(22, 22, bytes: 100);

        Catch();

        Assert.Equal(["r-0: offset 22 follows 19"], _violations.Kept);
    }

    [Fact]
    public void A_record_that_reads_differently_in_the_end_is_found()
    {
        Catch();
        _log.Remove(7);

        _ledger.CompareWhole(_log, "somebody", TestContext.Current.CancellationToken);

        Assert.Equal(["r-0: what somebody serves from 0 to 20 differs from what was read after each round"], _violations.Kept);
    }

    [Fact]
    public void What_lies_below_the_start_owes_nothing_even_if_it_was_acknowledged_late()
    {
        _log.Start = 5;
        Catch();
        _log.Start = 10;
        for (int i = 20; i < 40; i++) _log.With(i, i, bytes: 100);
        _log.Start = 25;

        Catch();
        _ledger.Acknowledge(21, 21);
        _ledger.CompareWhole(_log, "somebody", TestContext.Current.CancellationToken);

        Assert.Equal((0, 2, 25L, 15L), (_violations.Count, _ledger.Advances, _ledger.Start, _ledger.Records));
    }

    private void Catch() => _ledger.Catch(_log, TestContext.Current.CancellationToken);
}
