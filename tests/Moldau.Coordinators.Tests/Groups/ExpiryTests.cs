using Moldau.Coordinators.Groups;
using Moldau.Protocol;

namespace Moldau.Coordinators.Tests.Groups;

public sealed class ExpiryTests
{
    private const long Day = 24L * 3600 * 1000, Retention = 7 * Day, Check = 600_000;

    private readonly ShardDriver driver = new();
    private readonly GroupClient group;

    public ExpiryTests() => group = new GroupClient(driver, "g");

    [Fact]
    public void Offsets_of_simple_consumers_expire_from_their_commit_on_and_the_group_with_the_last()
    {
        group.Commit(1, partition: 0);
        driver.Advance(Day);
        group.Commit(2, partition: 1);
        driver.Advance(Retention - Day + Check);
        Assert.Equal((-1L, 2L), (group.Fetch().CommittedOffset, group.Fetch(partition: 1).CommittedOffset));
        driver.Advance(Day + Check);
        Assert.Equal(ErrorCode.GroupIdNotFound, (ErrorCode)group.Describe().ErrorCode);
        Assert.Equal("", driver.Durable());
    }

    [Fact]
    public void Offsets_of_an_empty_group_expire_together_when_it_has_been_empty_for_the_retention_time()
    {
        string[] ids = group.Settle();
        group.Commit(1, ids[0], 1);
        driver.AdvanceTo(driver.NowMs + 9_000);
        group.Leave((ids[0], null));
        driver.Advance(Retention - Check);
        Assert.Equal(1, group.Fetch().CommittedOffset);
        driver.Advance(2 * Check);
        Assert.Equal(ErrorCode.GroupIdNotFound, (ErrorCode)group.Describe().ErrorCode);
    }

    [Fact]
    public void A_stable_group_keeps_the_offsets_of_topics_it_subscribes_to_and_loses_others()
    {
        var lasting = new ShardDriver(new GroupConfig { OffsetsRetentionMs = 5_000, OffsetsRetentionCheckIntervalMs = 1_000 });
        var consumers = new GroupClient(lasting, "g");
        string[] ids = consumers.Settle(topic: "in");
        consumers.Commit(1, ids[0], 1, topic: "in");
        consumers.Commit(2, ids[0], 1, topic: "left");
        lasting.Advance(7_000);
        Assert.Equal((1L, -1L), (consumers.Fetch("in").CommittedOffset, consumers.Fetch("left").CommittedOffset));
    }

    [Fact]
    public void A_group_of_another_protocol_keeps_all_offsets_while_it_has_members()
    {
        var lasting = new ShardDriver(new GroupConfig { OffsetsRetentionMs = 5_000, OffsetsRetentionCheckIntervalMs = 1_000 });
        var workers = new GroupClient(lasting, "g");
        string[] ids = workers.Settle(protocolType: "connect");
        workers.Commit(1, ids[0], 1);
        lasting.Advance(8_000);
        Assert.Equal(1, workers.Fetch().CommittedOffset);
    }

    [Fact]
    public void An_offset_with_its_own_retention_time_expires_by_that()
    {
        group.Commit(1, retentionMs: Check / 2, version: 2);
        group.Commit(2, partition: 1);
        driver.Advance(Check);
        Assert.Equal((-1L, 2L), (group.Fetch().CommittedOffset, group.Fetch(partition: 1).CommittedOffset));
    }

    [Fact]
    public void An_empty_group_without_offsets_goes_at_the_next_check()
    {
        group.Join();
        driver.Advance(2 * Check);
        Assert.Equal(ErrorCode.GroupIdNotFound, (ErrorCode)group.Describe().ErrorCode);
        Assert.Equal("", driver.Durable());
    }

    [Fact]
    public void A_group_that_somebody_is_about_to_join_stays()
    {
        driver.Advance(Check - 5_000);
        string id = group.Joined(group.Join()).MemberId;
        driver.Advance(6_000);
        ReplyToken join = group.Join(id);
        driver.Advance(3_000);
        Assert.Equal(ErrorCode.None, (ErrorCode)group.Joined(join).ErrorCode);
    }

    [Fact]
    public void Offsets_in_an_open_transaction_keep_what_they_would_replace_and_the_group()
    {
        group.Commit(1);
        var producer = new ProducerId(7);
        driver.AppendTransactional(TransactionTests.OffsetRecord("g", 2), producer);
        driver.Advance(Retention + 2 * Check);
        Assert.Equal(1, group.Fetch().CommittedOffset);
        driver.EndTransaction(producer, committed: false);
        driver.Advance(Check);
        Assert.Equal(ErrorCode.GroupIdNotFound, (ErrorCode)group.Describe().ErrorCode);
    }
}
