using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Coordinators.Tests.Groups;

public sealed class TransactionTests
{
    private static readonly ProducerId Producer = new(7), Other = new(8);

    private readonly ShardDriver driver = new();
    private readonly GroupClient group;

    public TransactionTests() => group = new GroupClient(driver, "g");

    [Fact]
    public void An_undecided_offset_is_not_seen_and_unstable_to_those_who_ask_for_stable_ones()
    {
        group.Commit(1);
        driver.AppendTransactional(OffsetRecord("g", 2), Producer);
        Assert.Equal((1L, (short)0), (group.Fetch().CommittedOffset, group.Fetch().ErrorCode));
        Assert.Equal((-1L, (short)ErrorCode.UnstableOffsetCommit), (group.Fetch(requireStable: true).CommittedOffset, group.Fetch(requireStable: true).ErrorCode));
        Assert.Equal((short)ErrorCode.UnstableOffsetCommit, group.FetchAll(requireStable: true).Topics[0].Partitions[0].ErrorCode);
        Assert.Equal(-1, group.Fetch(partition: 1, requireStable: true).CommittedOffset);
    }

    [Fact]
    public void A_committed_transaction_brings_its_offsets_into_force()
    {
        driver.AppendTransactional(OffsetRecord("g", 2), Producer);
        driver.EndTransaction(Producer, committed: true);
        Assert.Equal(2, group.Fetch(requireStable: true).CommittedOffset);
        Assert.Equal(driver.Durable(), driver.Reload().Durable());
    }

    [Fact]
    public void An_aborted_transaction_leaves_nothing()
    {
        group.Commit(1);
        driver.AppendTransactional(OffsetRecord("g", 2), Producer);
        driver.EndTransaction(Producer, committed: false);
        Assert.Equal(1, group.Fetch(requireStable: true).CommittedOffset);
    }

    [Fact]
    public void Of_two_commits_the_later_record_counts_and_not_the_later_decision()
    {
        driver.AppendTransactional(OffsetRecord("g", 2), Producer);
        group.Commit(3);
        driver.EndTransaction(Producer, committed: true);
        Assert.Equal(3, group.Fetch().CommittedOffset);
    }

    [Fact]
    public void A_decision_concerns_its_own_producer_only()
    {
        driver.AppendTransactional(OffsetRecord("g", 2), Producer);
        driver.AppendTransactional(OffsetRecord("g", 3, 1), Other);
        driver.EndTransaction(Producer, committed: true);
        Assert.Equal((short)ErrorCode.UnstableOffsetCommit, group.Fetch(partition: 1, requireStable: true).ErrorCode);
        driver.EndTransaction(Producer, committed: true);
        Assert.Equal(2, group.Fetch().CommittedOffset);
    }

    [Fact]
    public void A_deleted_offset_does_not_come_back_with_the_transaction()
    {
        driver.AppendTransactional(OffsetRecord("g", 2), Producer);
        Assert.Equal(ErrorCode.None, (ErrorCode)group.DeleteOffset().Topics[0].Partitions[0].ErrorCode);
        driver.EndTransaction(Producer, committed: true);
        Assert.Equal(-1, group.Fetch().CommittedOffset);
    }

    [Fact]
    public void Deleting_a_group_deletes_its_undecided_offsets()
    {
        driver.AppendTransactional(OffsetRecord("g", 2), Producer);
        Assert.Equal(ErrorCode.None, group.Delete());
        driver.EndTransaction(Producer, committed: true);
        Assert.Equal("", driver.Durable());
    }

    internal static CoordinatorRecord OffsetRecord(string groupId, long offset, int partition = 0) => new(
        new OffsetCommitKey { Group = groupId, Topic = "in", Partition = partition },
        new OffsetCommitValue { Offset = offset, Metadata = "", CommitTimestamp = 1 },
        3);
}
