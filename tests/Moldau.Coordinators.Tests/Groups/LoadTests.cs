using Moldau.Coordinators.Groups;
using Moldau.Coordinators.Groups.Classic;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Coordinators.Tests.Groups;

public sealed class LoadTests
{
    private readonly ShardDriver driver = new();
    private readonly GroupClient group;

    public LoadTests() => group = new GroupClient(driver, "g");

    [Fact]
    public void Members_go_on_after_a_reload_as_if_nothing_was()
    {
        string[] ids = group.Settle(2);
        group.Commit(5, ids[0], 1);
        ShardDriver loaded = driver.Reload();
        var again = new GroupClient(loaded, "g");
        Assert.Equal(driver.Durable(), loaded.Durable());
        Assert.Equal(ErrorCode.None, again.Heartbeat(ids[0], 1));
        Assert.Equal([1], again.Synced(again.Sync(ids[1], 1)).Assignment);
        Assert.Equal(5, again.Fetch().CommittedOffset);
        Assert.Equal(ErrorCode.None, again.CommitError(again.Commit(6, ids[1], 1)));
    }

    [Fact]
    public void Members_that_are_gone_are_put_out_a_session_after_the_reload()
    {
        group.Settle(2);
        ShardDriver loaded = driver.Reload();
        loaded.Advance(9_999);
        Assert.Equal(ClassicGroupState.Stable, loaded.Group("g").State);
        loaded.Advance(1);
        Assert.Equal(ClassicGroupState.Empty, loaded.Group("g").State);
    }

    [Fact]
    public void A_loaded_group_above_a_lowered_maximum_rebalances()
    {
        string[] ids = group.Settle(2);
        var loaded = new GroupShard(new GroupConfig { MaxSize = 1 });
        foreach (LogRecord record in driver.Log) loaded.Replay(record.Offset, ProducerId.None, JoinGroupTests.Decoded(record));
        loaded.Activate(driver.NowMs);
        Assert.Equal(ClassicGroupState.PreparingRebalance, loaded.Live.Find("g")!.State);
        Assert.True(loaded.Live.Find("g")!.Has(ids[1]));
    }

    [Fact]
    public void A_coordinator_that_ends_refuses_what_is_parked()
    {
        string[] ids = group.Settle(2);
        ReplyToken join = group.Join(ids[0]);
        var other = new GroupClient(driver, "h");
        ReplyToken first = other.Join(version: 3);
        other.Join(version: 3);
        driver.Advance(6_000);
        ReplyToken sync = other.Sync(driver.Group("h").Members[1].MemberId, 1);
        Assert.False(driver.IsAnswered(join));
        driver.Run((shard, now) => shard.Deactivate(now, ErrorCode.NotCoordinator));
        Assert.Equal(ErrorCode.NotCoordinator, (ErrorCode)group.Joined(join).ErrorCode);
        Assert.Equal(ErrorCode.NotCoordinator, (ErrorCode)other.Synced(sync).ErrorCode);
        Assert.Empty(driver.Outstanding);
        Assert.True(driver.IsAnswered(first));
    }

    [Fact]
    public void A_group_that_cannot_be_written_does_not_exist()
    {
        driver.NextAppend = ErrorCode.NotEnoughReplicas;
        ReplyToken join = group.Join(version: 3);
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, (ErrorCode)group.Joined(join).ErrorCode);
        Assert.Equal(ErrorCode.GroupIdNotFound, (ErrorCode)group.Describe().ErrorCode);
        driver.Advance(10_000);
        Assert.Empty(driver.Log);
    }

    [Fact]
    public void A_group_whose_commit_runs_late_goes_on()
    {
        driver.CommitsAtOnce = false;
        ReplyToken join = group.Join(version: 3);
        driver.FailCommits(ErrorCode.RequestTimedOut);
        driver.Advance(3_000);
        Assert.Equal(ErrorCode.None, (ErrorCode)group.Joined(join).ErrorCode);
    }

    [Fact]
    public void Old_records_are_understood()
    {
        var shard = new GroupShard(new GroupConfig());
        var value = new GroupMetadataValue { ProtocolType = "consumer", Generation = 4, Protocol = "range", Leader = "m" };
        value.Members.Add(new GroupMetadataValue.MemberMetadata
        {
            MemberId = "m", ClientId = "c", ClientHost = "/h", SessionTimeout = 7_000, Subscription = GroupClient.Subscription("in"), Assignment = [3],
        });
        Replay(shard, new CoordinatorRecord(new GroupMetadataKey { Group = "g" }, value, 0), 0);
        Replay(
            shard,
            new CoordinatorRecord(
                new LegacyOffsetCommitKey { Group = "g", Topic = "in", Partition = 2 },
                new LegacyOffsetCommitValue { Offset = 8, Metadata = "old", CommitTimestamp = 5 },
                0),
            1);
        ClassicGroup loaded = shard.Live.Find("g")!;
        Assert.Equal((7_000, -1L, 4), (loaded.RebalanceTimeoutMs, loaded.StateTimestampMs, loaded.Generation));
        Assert.True(loaded.IsSubscribedTo("in"));
        Assert.True(shard.State.Offsets.Committed.TryGet("g", "in", 2, out var offset));
        Assert.Equal((8L, "old"), (offset.Offset, offset.Metadata));
    }

    [Fact]
    public void A_record_of_an_unknown_type_is_left_alone_and_one_of_an_unknown_version_is_refused()
    {
        Assert.Null(GroupRecordCodec.Decode(new byte[] { 0x7f, 0x00, 1, 2, 3 }, default));
        byte[] key = GroupRecordCodec.EncodeKey(new GroupMetadataKey { Group = "g" });
        var failure = Assert.Throws<WireFormatException>(() => GroupRecordCodec.Decode(key, new byte[] { 0, 99 }));
        Assert.Equal("GroupMetadataValue", failure.FieldPath);
    }

    private static void Replay(GroupShard shard, CoordinatorRecord record, long offset)
    {
        CoordinatorRecord read = GroupRecordCodec.Decode(GroupRecordCodec.EncodeKey(record.Key), GroupRecordCodec.EncodeValue(record))!.Value;
        shard.Replay(offset, ProducerId.None, read);
    }
}
