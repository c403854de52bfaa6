using Moldau.Broker.Tests.Nodes;
using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Simulated;
using Moldau.Storage.Files;

namespace Moldau.Broker.Tests.Directories;

/// <summary>Several log directories: placement, failure, the way back.</summary>
public sealed class LogDirectoryTests
{
    private const string First = DirectoryScenario.First, Second = DirectoryScenario.Second;

    [Theory]
    [InlineData(DiskFailure.Io)]
    [InlineData(DiskFailure.Full)]
    public void A_directory_that_fails_goes_offline_alone_and_the_controller_takes_its_leaderships_away(DiskFailure failure) => DirectoryScenario.Play(async play =>
    {
        int lost = play.PartitionIn(Second), kept = play.PartitionIn(First);
        play.Break(Second, failure);
        Assert.Equal(ErrorCode.KafkaStorageError, await play.ProduceAsync(lost, "b"));
        await play.UntilAsync(_ => play.Registration(lost).Leader == PartitionRegistration.NoLeader);
        Assert.Equal(ErrorCode.KafkaStorageError, await play.ProduceAsync(lost, "c"));
        Assert.Equal(ErrorCode.KafkaStorageError, (await play.FetchAsync(lost)).Error);
        Assert.Equal(ErrorCode.None, await play.ProduceAsync(kept, "b"));
        Assert.Equal(["a", "b"], (await play.FetchAsync(kept)).Values);
        MetadataResponse.MetadataResponseTopic topic = (await play.Client.AskAsync(new MetadataRequest { Topics = null }, 9)).Topics.Single(topic => topic.Name == "t");
        MetadataResponse.MetadataResponsePartition offline = topic.Partitions.Single(partition => partition.PartitionIndex == lost);
        Assert.Equal((ErrorCode.LeaderNotAvailable, 1), ((ErrorCode)offline.ErrorCode, Assert.Single(offline.OfflineReplicas)));
        Assert.Equal(ErrorCode.KafkaStorageError, (ErrorCode)(await play.DescribeAsync(Second)).ErrorCode);
        await play.World.CreateTopicAsync("new", 2);
        Assert.All(play.World.Node.Services.Store.Logs.Where(log => log.Partition.Topic == "new"), log => Assert.Equal(First, log.Directory.Path));
    });

    [Fact]
    public void A_directory_that_comes_back_serves_what_was_acknowledged() => DirectoryScenario.Play(async play =>
    {
        int lost = play.PartitionIn(Second);
        play.Break(Second);
        await play.ProduceAsync(lost, "b");
        await play.World.StopNodeAsync();
        play.World.Machine.Disk.Faults.Clear();
        await play.RestartAsync();
        Assert.Equal("a", (await play.FetchAsync(lost)).Values[0]);
        Assert.Equal(ErrorCode.None, await play.ProduceAsync(lost, "c"));
    });

    [Fact]
    public void A_topic_that_is_made_anew_while_its_directory_is_offline_is_the_one_that_is_served_when_that_is_back() => DirectoryScenario.Play(async play =>
    {
        int moved = play.PartitionIn(Second);
        play.Break(Second);
        await play.ProduceAsync(moved, "b");
        Assert.Equal(0, (await play.Client.AskAsync(new DeleteTopicsRequest { TimeoutMs = 10_000, TopicNames = ["t"] }, 5)).Responses[0].ErrorCode);
        await play.World.CreateTopicAsync("t", 4);
        Assert.Equal(ErrorCode.None, await play.ProduceAsync(moved, "of the new topic"));
        Assert.Equal(First, play.DirectoryOf(moved));
        await play.World.StopNodeAsync();
        play.World.Machine.Disk.Faults.Clear();
        await play.RestartAsync();
        Assert.Equal(["of the new topic"], (await play.FetchAsync(moved)).Values);
        Assert.Contains(play.World.Machine.Disk.ListDirectories(Second), name => name.StartsWith($"t-{moved}.", StringComparison.Ordinal) && name.EndsWith("-stray", StringComparison.Ordinal));
    });

    [Fact]
    public void A_node_starts_without_a_directory_that_cannot_be_read_and_makes_no_empty_logs_for_it() => DirectoryScenario.Play(async play =>
    {
        int lost = play.PartitionIn(Second), kept = play.PartitionIn(First);
        await play.World.StopNodeAsync();
        play.World.Machine.Disk.Faults.FailReads(Second);
        await play.RestartAsync();
        Assert.Equal(ErrorCode.KafkaStorageError, await play.ProduceAsync(lost, "b"));
        Assert.Equal(["a"], (await play.FetchAsync(kept)).Values);
        Assert.Equal(ErrorCode.KafkaStorageError, (ErrorCode)(await play.DescribeAsync(Second)).ErrorCode);
        await play.World.StopNodeAsync();
        play.World.Machine.Disk.Faults.Clear();
        await play.RestartAsync();
        Assert.Equal(["a"], (await play.FetchAsync(lost)).Values);
    });

    [Fact]
    public void Without_the_directory_of_the_metadata_log_a_node_does_not_start_and_says_what_to_do()
    {
        SimulationException refused = Assert.Throws<SimulationException>(() => DirectoryScenario.Play(async play =>
        {
            await play.World.StopNodeAsync();
            play.World.Machine.Disk.Faults.FailReads(First);
            await play.RestartAsync();
        }));
        Assert.Contains($"UnusableDirectoryException escaped start on node: {First} cannot be used", refused.Message, StringComparison.Ordinal);
        Assert.Contains("repair or replace it", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(First)]
    [InlineData("/")]
    public void The_node_ends_with_the_metadata_log_or_the_last_directory_and_says_what_to_do(string broken) => DirectoryScenario.Play(async play =>
    {
        play.Break(broken);
        await play.Client.SendAsync(Batches.Produce("t", play.PartitionIn(First), Batches.Of(play.World.Now(), "b")), 9);
        await play.Client.SendAsync(Batches.Produce("t", play.PartitionIn(Second), Batches.Of(play.World.Now(), "b")), 9);
        Assert.Equal(NodeExit.Failed, await play.World.Node.Completion);
        Assert.Contains("restart the node", play.World.Node.Failure!.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void A_partition_in_two_directories_is_refused_with_both_places()
    {
        int partition = -1;
        SimulationException refused = Assert.Throws<SimulationException>(() => DirectoryScenario.Play(async play =>
        {
            partition = play.PartitionIn(Second);
            await play.World.StopNodeAsync();
            play.World.Machine.Disk.CreateDirectory($"{First}/t-{partition}");
            await play.RestartAsync();
        }));
        Assert.Contains($"NodeStartException escaped start on node: t-{partition} is in two log directories, {First}/t-{partition} and {Second}/t-{partition}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Partitions_are_spread_and_the_controller_knows_where_each_lies() => DirectoryScenario.Play(play =>
    {
        Assert.Equal([2, 2], new[] { First, Second }.Select(directory => Enumerable.Range(0, 4).Count(partition => play.DirectoryOf(partition) == directory)));
        foreach (var directory in play.World.Node.Services.Store.Directories)
        {
            Assert.NotEqual(Uuid.Zero, directory.Id);
            Assert.All(Enumerable.Range(0, 4).Where(partition => play.DirectoryOf(partition) == directory.Path), partition => Assert.Equal(directory.Id, play.Registration(partition).DirectoryOf(1)));
        }

        return Task.CompletedTask;
    });

    [Fact]
    public void A_cordoned_directory_gets_no_new_partitions_and_keeps_its_own() => DirectoryScenario.Play(async play =>
    {
        await play.World.CreateTopicAsync("new", 3);
        Assert.All(play.World.Node.Services.Store.Logs.Where(log => log.Partition.Topic is "new" or "t"), log => Assert.Equal(First, log.Directory.Path));
        Assert.True((await play.DescribeAsync(Second)).IsCordoned);
        Assert.False((await play.DescribeAsync(First)).IsCordoned);
    }, ("cordoned.log.dirs", Second));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Directories_are_described_with_what_lies_in_them(short version) => DirectoryScenario.Play(async play =>
    {
        DescribeLogDirsResponse.DescribeLogDirsResult second = await play.DescribeAsync(Second, version);
        Assert.Equal(ErrorCode.None, (ErrorCode)second.ErrorCode);
        Assert.Equal(version >= 4, second.TotalBytes > 0 && second.UsableBytes > 0);
        DescribeLogDirsResponse.DescribeLogDirsTopic topic = Assert.Single(second.Topics);
        Assert.Equal(["t", "2"], [topic.Name, $"{topic.Partitions.Count}"]);
        Assert.All(topic.Partitions, partition => Assert.Equal((true, 0, false), (partition.PartitionSize > 0, partition.OffsetLag, partition.IsFutureKey)));
        var request = new DescribeLogDirsRequest { Topics = [] };
        request.Topics!.Add(new() { Topic = "t", Partitions = [play.PartitionIn(First)] });
        DescribeLogDirsResponse some = await play.Client.AskAsync(request, version);
        Assert.Equal(1, some.Results.Sum(result => result.Topics.Sum(each => each.Partitions.Count)));
    });
}
