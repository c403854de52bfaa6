using Moldau.Protocol;

namespace Moldau.Raft.Tests;

public sealed class FollowerTests
{
    [Fact]
    public void Does_not_fetch_on_before_what_it_has_is_durable()
    {
        Script script = Script.Following();
        IReadOnlyList<RaftEffect> effects = script.Answer(2, Script.Fetched(Script.Records(0, 1, 3, 2)));
        Assert.Single(effects.OfType<AppendFetched>());
        Assert.Empty(effects.OfType<SendRequest>());
        RaftFetchRequest next = Assert.IsType<RaftFetchRequest>(Assert.Single(script.Flush().OfType<SendRequest>()).Request);
        Assert.Equal((5L, 1), (next.FetchOffset, next.LastFetchedEpoch));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(0, 2)]
    public void Refuses_batches_that_leave_a_gap_or_come_from_the_future(long baseOffset, int epoch)
    {
        Script script = Script.Following();
        IReadOnlyList<RaftEffect> effects = script.Answer(2, Script.Fetched(Script.Records(baseOffset, epoch, 3)));
        Assert.Empty(effects.OfType<AppendFetched>());
        Assert.Equal(0, script.Core.Log.EndOffset);
        Assert.Single(script.After(20).OfType<SendRequest>());
    }

    [Fact]
    public void Takes_over_the_leaders_high_watermark_as_far_as_its_log_goes()
    {
        Script script = Script.Following();
        IReadOnlyList<RaftEffect> effects = script.Answer(2, Script.Fetched(Script.Records(0, 1, 3), highWatermark: 10));
        Assert.Equal(new HighWatermarkMoved(3), effects.OfType<HighWatermarkMoved>().Single());
    }

    [Fact]
    public void Cuts_its_log_where_the_leaders_differs()
    {
        Script script = Script.Following((log, voters) =>
        {
            log.Restore(0, 20, 20);
            log.Epochs.Append(0, 0);
            log.Epochs.Append(1, 12);
            voters.Reset(0, Script.Voters(3), 1);
        });
        var diverging = new RaftFetchResponse(ErrorCode.None, 2, 1, -1, 0, new FetchCheck(new OffsetAndEpoch(8, 0), null), null);
        IReadOnlyList<RaftEffect> effects = script.Answer(2, diverging);
        Assert.Equal(new TruncateLog(8), effects[0]);
        RaftFetchRequest next = Assert.IsType<RaftFetchRequest>(Assert.Single(effects.OfType<SendRequest>()).Request);
        Assert.Equal((8L, 0), (next.FetchOffset, next.LastFetchedEpoch));
    }

    [Fact]
    public void A_leader_that_wants_committed_records_cut_breaks_an_invariant()
    {
        Script script = Script.Following();
        script.Answer(2, Script.Fetched(Script.Records(0, 1, 5), highWatermark: 5));
        script.Flush();
        var diverging = new RaftFetchResponse(ErrorCode.None, 2, 1, -1, 0, new FetchCheck(new OffsetAndEpoch(2, 1), null), null);
        Assert.Throws<InvariantViolationException>(() => script.Answer(2, diverging));
    }

    [Fact]
    public void A_flush_from_before_a_truncation_proves_nothing()
    {
        Script script = Script.Following();
        script.Answer(2, Script.Fetched(Script.Records(0, 1, 5)));
        int before = script.Core.Log.Generation;
        script.Flush();
        script.Answer(2, new RaftFetchResponse(ErrorCode.None, 2, 1, -1, 0, new FetchCheck(new OffsetAndEpoch(2, 1), null), null));
        script.Answer(2, Script.Fetched(Script.Records(2, 1, 3)));
        Assert.Empty(script.Flushed(5, before));
        Assert.Equal(2, script.Core.Log.FlushedOffset);
    }

    [Fact]
    public void A_voter_set_counts_from_its_record_on_and_goes_with_it()
    {
        Script script = Script.Following();
        var batch = new BatchOutline(0, 2, 1, 100, KRaftVersion: 1, Voters: Script.Voters(2));
        script.Answer(2, Script.Fetched(new FetchedRecords(new byte[100], [batch])));
        Assert.Equal(2, script.Core.Voters.Current.Count);
        script.Flush();
        script.Answer(2, new RaftFetchResponse(ErrorCode.None, 2, 1, -1, 0, new FetchCheck(new OffsetAndEpoch(0, 0), null), null));
        Assert.Equal(3, script.Core.Voters.Current.Count);
    }

    [Fact]
    public void Fetches_a_snapshot_piece_by_piece_and_goes_on_behind_it()
    {
        Script script = Script.Following();
        var id = new OffsetAndEpoch(40, 1);
        IReadOnlyList<RaftEffect> effects = script.Answer(2, new RaftFetchResponse(ErrorCode.None, 2, 1, 50, 40, new FetchCheck(null, id), null));
        Assert.Equal(new BeginSnapshotFetch(id), effects[0]);
        Assert.Equal(0, Assert.IsType<RaftFetchSnapshotRequest>(effects.OfType<SendRequest>().Single().Request).Position);

        effects = script.Answer(2, new RaftFetchSnapshotResponse(ErrorCode.None, 2, 1, id, 30, 0, new byte[20]));
        Assert.Equal(20, Assert.IsType<RaftFetchSnapshotRequest>(effects.OfType<SendRequest>().Single().Request).Position);

        effects = script.Answer(2, new RaftFetchSnapshotResponse(ErrorCode.None, 2, 1, id, 30, 20, new byte[10]));
        Assert.Equal(new InstallSnapshot(id), effects[^1]);
        Assert.Empty(effects.OfType<SendRequest>());

        script.Core.SnapshotInstalled(script.NowMs, id, Script.Voters(3), 1);
        effects = script.Take();
        Assert.Equal(new HighWatermarkMoved(40), effects[0]);
        RaftFetchRequest next = Assert.IsType<RaftFetchRequest>(effects.OfType<SendRequest>().Single().Request);
        Assert.Equal((40L, 1), (next.FetchOffset, next.LastFetchedEpoch));
        Assert.Equal(39, script.Core.Voters.CurrentOffset);
    }

    [Theory]
    [InlineData(41, 0, 10)]
    [InlineData(40, 5, 10)]
    [InlineData(40, 0, 31)]
    [InlineData(40, 0, 0)]
    public void A_wrong_piece_of_a_snapshot_is_not_written(long endOffset, long position, int bytes)
    {
        Script script = Script.Following();
        script.Answer(2, new RaftFetchResponse(ErrorCode.None, 2, 1, 50, 40, new FetchCheck(null, new OffsetAndEpoch(40, 1)), null));
        IReadOnlyList<RaftEffect> effects = script.Answer(2,
            new RaftFetchSnapshotResponse(ErrorCode.None, 2, 1, new OffsetAndEpoch(endOffset, 1), 30, position, new byte[bytes]));
        Assert.Empty(effects.OfType<AppendSnapshotPiece>());
    }

    [Fact]
    public void A_snapshot_that_the_leader_has_deleted_is_given_up()
    {
        Script script = Script.Following();
        var id = new OffsetAndEpoch(40, 1);
        script.Answer(2, new RaftFetchResponse(ErrorCode.None, 2, 1, 50, 40, new FetchCheck(null, id), null));
        IReadOnlyList<RaftEffect> effects = script.Answer(2, new RaftFetchSnapshotResponse(ErrorCode.SnapshotNotFound, 2, 1, id, 0, 0, default));
        Assert.IsType<RaftFetchRequest>(effects.OfType<SendRequest>().Single().Request);
    }
}
