using Moldau.Coordinators.Groups;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Coordinators.Tests.Groups;

public sealed class OffsetTests
{
    private static readonly Uuid TopicId = new(1, 2), AnotherId = new(3, 4);

    private readonly ShardDriver driver = new();
    private readonly GroupClient group;

    public OffsetTests() => group = new GroupClient(driver, "g");

    [Theory]
    [InlineData((short)8, ErrorCode.IllegalGeneration)]
    [InlineData((short)9, ErrorCode.GroupIdNotFound)]
    public void A_member_of_no_group_cannot_commit(short version, ErrorCode expected) =>
        Assert.Equal(expected, group.CommitError(group.Commit(1, "m", 3, version: version)));

    [Fact]
    public void In_a_group_with_members_only_members_commit_and_only_of_this_generation()
    {
        string[] ids = group.Settle();
        Assert.Equal(ErrorCode.UnknownMemberId, group.CommitError(group.Commit(1)));
        Assert.Equal(ErrorCode.UnknownMemberId, group.CommitError(group.Commit(1, "m", 1)));
        Assert.Equal(ErrorCode.UnknownMemberId, group.CommitError(group.Commit(1, ids[0], 1, "instance")));
        Assert.Equal(ErrorCode.IllegalGeneration, group.CommitError(group.Commit(1, ids[0])));
        Assert.Equal(ErrorCode.IllegalGeneration, group.CommitError(group.Commit(1, ids[0], 2)));
        Assert.Equal(ErrorCode.None, group.CommitError(group.Commit(1, ids[0], 1)));
    }

    [Fact]
    public void Between_join_and_sync_a_commit_is_sent_back_and_while_joining_the_old_generation_still_commits()
    {
        string[] ids = group.Settle(2);
        group.Join(ids[0]);
        Assert.Equal(ErrorCode.None, group.CommitError(group.Commit(7, ids[1], 1)));
        group.Join(ids[1]);
        Assert.Equal(ErrorCode.RebalanceInProgress, group.CommitError(group.Commit(8, ids[1], 2)));
        Assert.Equal(7, group.Fetch().CommittedOffset);
    }

    [Fact]
    public void Metadata_that_is_too_long_is_refused_for_its_partition()
    {
        Assert.Equal(ErrorCode.OffsetMetadataTooLarge, group.CommitError(group.Commit(1, metadata: new string('x', 4_097))));
        Assert.Equal(ErrorCode.None, group.CommitError(group.Commit(1, metadata: new string('x', 4_096))));
    }

    [Fact]
    public void A_commit_is_answered_and_seen_when_it_is_in_the_log()
    {
        driver.CommitsAtOnce = false;
        ReplyToken commit = group.Commit(5);
        ReplyToken fetch = group.AskFetch();
        Assert.False(driver.IsAnswered(commit));
        Assert.False(driver.IsAnswered(fetch));
        driver.Commit();
        Assert.Equal(ErrorCode.None, group.CommitError(commit));
        Assert.Equal(5, driver.Answer<OffsetFetchResponse.OffsetFetchResponseGroup>(fetch).Topics[0].Partitions[0].CommittedOffset);
    }

    [Theory]
    [InlineData(ErrorCode.NotLeaderOrFollower, ErrorCode.NotCoordinator)]
    [InlineData(ErrorCode.KafkaStorageError, ErrorCode.NotCoordinator)]
    [InlineData(ErrorCode.NotEnoughReplicas, ErrorCode.CoordinatorNotAvailable)]
    [InlineData(ErrorCode.UnknownTopicOrPartition, ErrorCode.CoordinatorNotAvailable)]
    [InlineData(ErrorCode.RecordListTooLarge, ErrorCode.UnknownServerError)]
    public void A_commit_that_cannot_be_written_leaves_the_offset_as_it_was(ErrorCode append, ErrorCode expected)
    {
        group.Commit(5);
        driver.NextAppend = append;
        Assert.Equal(expected, group.CommitError(group.Commit(6)));
        Assert.Equal(5, group.Fetch().CommittedOffset);
    }

    [Theory]
    [InlineData(ErrorCode.RequestTimedOut, ErrorCode.NotCoordinator)]
    [InlineData(ErrorCode.KafkaStorageError, ErrorCode.NotCoordinator)]
    public void A_fetch_behind_a_commit_that_fails_sends_the_client_to_look_again(ErrorCode append, ErrorCode expected)
    {
        driver.CommitsAtOnce = false;
        group.Commit(5);
        ReplyToken fetch = group.AskFetch();
        driver.FailCommits(append);
        Assert.Equal(expected, (ErrorCode)driver.Answer<OffsetFetchResponse.OffsetFetchResponseGroup>(fetch).ErrorCode);
    }

    [Fact]
    public void Unknown_offsets_are_minus_one_without_an_error()
    {
        Assert.Equal((-1L, -1, "", (short)0), Values(group.Fetch()));
        group.Commit(5);
        Assert.Equal((-1L, -1, "", (short)0), Values(group.Fetch(partition: 9)));
        Assert.Equal((-1L, -1, "", (short)0), Values(group.Fetch("other")));
        Assert.Empty(new GroupClient(driver, "nobody").FetchAll().Topics);
    }

    [Fact]
    public void Any_offset_is_taken_and_no_metadata_is_an_empty_note()
    {
        group.Commit(-1, metadata: null);
        Assert.Equal((-1L, -1, "", (short)0), Values(group.Fetch()));
        Assert.Equal(ErrorCode.None, (ErrorCode)group.Fetch().ErrorCode);
        Assert.Single(group.FetchAll().Topics);
    }

    [Fact]
    public void All_offsets_come_in_order_of_topic_and_partition()
    {
        group.Commit(1, topic: "b", partition: 1);
        group.Commit(2, topic: "b");
        group.Commit(3, topic: "a");
        Assert.Equal(
            ["a-0=3", "b-0=2", "b-1=1"],
            group.FetchAll().Topics.SelectMany(topic => topic.Partitions.Select(each => $"{topic.Name}-{each.PartitionIndex}={each.CommittedOffset}")));
    }

    [Fact]
    public void An_offset_of_a_deleted_topic_is_not_taken_for_one_of_its_namesake()
    {
        group.Commit(5, topicId: TopicId);
        Assert.Equal(5, group.Fetch(topicId: TopicId).CommittedOffset);
        Assert.Equal(5, group.Fetch().CommittedOffset);
        Assert.Equal(-1, group.Fetch(topicId: AnotherId).CommittedOffset);
    }

    [Fact]
    public void The_record_is_as_kafka_writes_it()
    {
        group.Commit(5, metadata: "note", topicId: TopicId);
        CoordinatorRecord record = JoinGroupTests.Decoded(driver.Log[^1]);
        Assert.Equal(4, record.ValueVersion);
        var value = (OffsetCommitValue)record.Value!;
        Assert.Equal((5L, -1, "note", 1_000_000L, TopicId), (value.Offset, value.LeaderEpoch, value.Metadata, value.CommitTimestamp, value.TopicId));
    }

    [Fact]
    public void A_retention_time_of_the_client_makes_a_record_that_expires()
    {
        group.Commit(5, retentionMs: 1_000, version: 4);
        CoordinatorRecord record = JoinGroupTests.Decoded(driver.Log[^1]);
        Assert.Equal(1, record.ValueVersion);
        Assert.Equal(1_001_000, ((OffsetCommitValue)record.Value!).ExpireTimestamp);
    }

    [Fact]
    public void A_commit_keeps_the_session()
    {
        string[] ids = group.Settle();
        driver.Advance(9_000);
        group.Commit(1, ids[0], 1);
        driver.Advance(9_000);
        Assert.Equal(ErrorCode.None, group.Heartbeat(ids[0], 1));
    }

    [Fact]
    public void Anyone_commits_to_an_empty_group()
    {
        string[] ids = group.Settle();
        group.Leave((ids[0], null));
        Assert.Equal(ErrorCode.None, group.CommitError(group.Commit(9)));
        Assert.Equal(9, group.Fetch().CommittedOffset);
    }

    [Fact]
    public void Offsets_of_no_group_cannot_be_deleted() =>
        Assert.Equal(ErrorCode.GroupIdNotFound, (ErrorCode)group.DeleteOffset().ErrorCode);

    [Fact]
    public void Offsets_of_a_group_that_is_not_of_consumers_are_deleted_only_when_it_is_empty()
    {
        string[] ids = group.Settle(protocolType: "connect");
        group.Commit(5, ids[0], 1);
        Assert.Equal(ErrorCode.NonEmptyGroup, (ErrorCode)group.DeleteOffset().ErrorCode);
        group.Leave((ids[0], null));
        Assert.Equal(ErrorCode.None, (ErrorCode)group.DeleteOffset().ErrorCode);
        Assert.Equal(-1, group.Fetch().CommittedOffset);
    }

    [Fact]
    public void Of_consumers_only_topics_they_do_not_subscribe_to_are_deleted()
    {
        string[] ids = group.Settle(topic: "in");
        group.Commit(5, ids[0], 1, topic: "in");
        group.Commit(6, ids[0], 1, topic: "old");
        Assert.Equal(ErrorCode.GroupSubscribedToTopic, (ErrorCode)group.DeleteOffset("in").Topics[0].Partitions[0].ErrorCode);
        Assert.Equal(ErrorCode.None, (ErrorCode)group.DeleteOffset("old").Topics[0].Partitions[0].ErrorCode);
        Assert.Equal((5L, -1L), (group.Fetch("in").CommittedOffset, group.Fetch("old").CommittedOffset));
    }

    [Fact]
    public void Deleting_what_is_not_there_succeeds_and_writes_nothing()
    {
        group.Commit(5);
        int written = driver.Log.Count;
        Assert.Equal(ErrorCode.None, (ErrorCode)group.DeleteOffset(partition: 7).Topics[0].Partitions[0].ErrorCode);
        Assert.Equal(written, driver.Log.Count);
    }

    [Fact]
    public void Deleted_topics_take_their_offsets_along_but_not_those_of_their_namesake()
    {
        group.Commit(1, topic: "gone", topicId: TopicId);
        group.Commit(2, topic: "again", topicId: AnotherId);
        group.Commit(3, topic: "nameless");
        driver.Run((shard, now) => shard.TopicsDeleted(now, [("gone", TopicId), ("again", TopicId), ("nameless", TopicId)]));
        Assert.Equal((-1L, 2L, -1L), (group.Fetch("gone").CommittedOffset, group.Fetch("again").CommittedOffset, group.Fetch("nameless").CommittedOffset));
        Assert.Equal(driver.Durable(), driver.Reload().Durable());
    }

    private static (long Offset, int Epoch, string? Metadata, short Error) Values(OffsetFetchResponse.OffsetFetchResponsePartitions partition) =>
        (partition.CommittedOffset, partition.CommittedLeaderEpoch, partition.Metadata, partition.ErrorCode);
}
