using Moldau.Crash;
using Moldau.Crash.Ledgers;
using Moldau.Crash.Workloads;

namespace Moldau.Compat.Crash;

/// <summary>The judge of compacted logs: it must find what it is there to find, and accept what the cleaner may do.</summary>
public sealed class CompactedLedgerTests
{
    private readonly Violations _violations = new();
    private readonly KeyedWorkload _workload = new(1, withTombstones: true);
    private readonly ScriptedLog _log = new();
    private readonly CompactedLedger _ledger;
    private readonly long[] _values, _deletion;

    public CompactedLedgerTests()
    {
        _ledger = new CompactedLedger("c", 0, isIdempotent: true, _workload, _violations);
        // Three values of one key; a value and its deletion of another.
        var byKey = Enumerable.Range(0, 2000).Select(static i => (long)i).GroupBy(_workload.KeyOf).Select(static same => same.ToArray()).ToList();
        _values = byKey.Select(same => same.Where(sequence => !_workload.IsTombstone(sequence)).Take(3).ToArray()).First(static same => same.Length == 3);
        byKey.RemoveAll(same => same.Contains(_values[0]));
        long deleted = byKey.SelectMany(static same => same.Zip(same.Skip(1))).First(pair => !_workload.IsTombstone(pair.First) && _workload.IsTombstone(pair.Second)).Second;
        _deletion = [byKey.First(same => same.Contains(deleted)).Last(sequence => sequence < deleted), deleted];
    }

    [Fact]
    public void A_key_whose_last_acknowledged_value_is_gone_is_lost()
    {
        Acknowledge((0, _values[0]), (1, _values[1]));
        _log.With(_workload, 0, _values[0]).End = 2;

        Catch();

        Assert.Contains("is lost: the key ends with record", Assert.Single(_violations.Kept), StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_is_not_there_at_all_is_lost()
    {
        Acknowledge((0, _values[0]));
        _log.End = 1;

        Catch();

        Assert.Contains("and is lost; the log ends at 1", Assert.Single(_violations.Kept), StringComparison.Ordinal);
    }

    [Fact]
    public void An_earlier_value_that_stands_last_is_found()
    {
        Acknowledge((0, _values[0]), (1, _values[1]));
        _log.With(_workload, 1, _values[1]).With(_workload, 2, _values[0]);

        Catch();

        Assert.Contains(_violations.Kept, violation => violation.Contains("ends with the earlier record", StringComparison.Ordinal));
    }

    [Fact]
    public void A_record_that_was_never_sent_is_found()
    {
        Acknowledge((0, _values[0]));
        _log.With(_workload, 0, _values[0]).With(_workload, 1, _values[0] + 5000);

        Catch();

        Assert.Contains("at offset 1 was never sent", Assert.Single(_violations.Kept), StringComparison.Ordinal);
    }

    [Fact]
    public void A_deleted_key_that_has_its_value_again_is_found()
    {
        Acknowledge((0, _deletion[0]), (1, _deletion[1]));
        _log.With(_workload, 0, _deletion[0]).End = 2;

        Catch();

        Assert.Contains("is lost: the key ends with record", Assert.Single(_violations.Kept), StringComparison.Ordinal);
    }

    [Fact]
    public void An_offset_that_comes_after_a_higher_one_is_found()
    {
        Acknowledge((4, _values[0]), (5, _values[1]));
        _log.With(_workload, 5, _values[1]).With(_workload, 4, _values[0]);

        Catch();

        Assert.Contains("c-0: offset 4 comes after 5", _violations.Kept);
    }

    [Fact]
    public void What_has_a_successor_may_be_gone_and_so_may_a_deleted_key()
    {
        Acknowledge((0, _values[0]), (1, _deletion[0]), (2, _deletion[1]), (3, _values[1]));
        _log.With(_workload, 3, _values[1]);

        Catch();

        Assert.Equal((0, 3L, 1L), (_violations.Count, _ledger.Gone, _ledger.Records));
    }

    [Fact]
    public void A_value_that_was_sent_and_not_acknowledged_may_be_the_last()
    {
        Acknowledge((0, _values[0]));
        _ledger.Sending(_values[2]);
        _log.With(_workload, 7, _values[2]);

        Catch();

        Assert.Equal(0, _violations.Count);
    }

    [Fact]
    public void What_is_cleaned_away_under_the_reader_is_met_further_on()
    {
        Acknowledge((0, _values[0]));
        _ledger.Sending(_values[1]);
        _log.End = 1;
        _log.AfterReading = () =>
        {
            if (_log.Records.Count == 0) _log.With(_workload, 9, _values[1]);
        };

        Catch();

        Assert.Equal(0, _violations.Count);
    }

    private void Acknowledge(params (long Offset, long Sequence)[] records)
    {
        foreach ((long offset, long sequence) in records)
        {
            _ledger.Sending(sequence);
            _ledger.Acknowledge(offset, sequence);
        }
    }

    private void Catch() => _ledger.Catch(_log, TestContext.Current.CancellationToken);
}
