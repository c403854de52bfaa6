using System.Text;
using Moldau.Crash;
using Moldau.Crash.Ledgers;

namespace Moldau.Compat.Crash;

/// <summary>The judge itself: it must find what it is there to find.</summary>
public sealed class PartitionLedgerTests
{
    private readonly Violations _violations = new();

    [Fact]
    public void An_acknowledged_record_that_is_not_there_is_lost()
    {
        PartitionLedger ledger = Ledger();
        ledger.Acknowledge(0, 0);
        ledger.Acknowledge(1, 1);
        Judge(ledger, (0, 0));

        ledger.Missing(1);

        Assert.Equal(["crash-0: record 1 was acknowledged at offset 1 and is lost; the log ends at 1"], _violations.Kept);
    }

    [Fact]
    public void Another_record_at_the_acknowledged_offset_is_found()
    {
        PartitionLedger ledger = Ledger();
        ledger.Acknowledge(0, 5);

        Judge(ledger, (0, 6));

        Assert.Equal(["crash-0: offset 0 holds record 6; record 5 was acknowledged there"], _violations.Kept);
    }

    [Fact]
    public void A_record_that_overtakes_is_found()
    {
        Judge(Ledger(), (0, 1), (1, 0));

        Assert.Equal(["crash-0: record 0 at offset 1 comes after 1"], _violations.Kept);
    }

    [Fact]
    public void A_gap_in_the_offsets_is_found()
    {
        Judge(Ledger(), (0, 0), (2, 1));

        Assert.Equal(["crash-0: offset 2 follows 0"], _violations.Kept);
    }

    [Fact]
    public void A_repeated_record_is_a_violation_only_with_idempotence()
    {
        PartitionLedger plain = Ledger();
        Judge(plain, (0, 0), (1, 1), (2, 0), (3, 1), (4, 2));
        Assert.Equal((0, 2L), (_violations.Count, plain.Duplicates));

        Judge(Ledger(isIdempotent: true), (0, 0), (1, 0));

        Assert.Equal(["crash-0: record 0 stands again at offset 1"], _violations.Kept);
    }

    [Fact]
    public void An_acknowledgement_that_comes_after_its_record_was_read_is_no_violation()
    {
        PartitionLedger ledger = Ledger();
        Judge(ledger, (0, 0));

        ledger.Acknowledge(0, 0);
        Assert.Equal(0, _violations.Count);

        ledger.Acknowledge(0, 9);
        Assert.Equal(["crash-0: record 9 was acknowledged at offset 0 and is not in the log up to 1"], _violations.Kept);
    }

    private static void Judge(PartitionLedger ledger, params (long Offset, long Sequence)[] log)
    {
        foreach ((long offset, long sequence) in log) ledger.Judge(offset, Encoding.ASCII.GetBytes($"{sequence} text"));
    }

    private PartitionLedger Ledger(bool isIdempotent = false) => new("crash", 0, isIdempotent, _violations);
}
