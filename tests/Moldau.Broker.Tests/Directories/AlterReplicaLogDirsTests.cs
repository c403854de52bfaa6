using Moldau.Broker.Tests.Nodes;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Tests.Directories;

/// <summary>AlterReplicaLogDirs: partitions are moved between directories while they are written.</summary>
public sealed class AlterReplicaLogDirsTests
{
    private const string First = DirectoryScenario.First, Second = DirectoryScenario.Second;

    [Theory]
    [InlineData("/nowhere", "t", 0, ErrorCode.LogDirNotFound)]
    [InlineData(Second, "t", 9, ErrorCode.UnknownTopicOrPartition)]
    [InlineData(Second, "other", 0, ErrorCode.UnknownTopicOrPartition)]
    public void What_cannot_be_moved_says_why(string directory, string topic, int partition, ErrorCode expected) => DirectoryScenario.Play(async play =>
        Assert.Equal(expected, await AlterAsync(play, directory, topic, partition)));

    [Fact]
    public void Nothing_is_moved_while_a_directory_is_offline_nor_to_a_cordoned_one() => DirectoryScenario.Play(async play =>
    {
        int lost = play.PartitionIn(Second), kept = play.PartitionIn(First);
        play.Break(Second);
        await play.ProduceAsync(lost, "b");
        Assert.Equal(ErrorCode.KafkaStorageError, await AlterAsync(play, Second, "t", kept));
        Assert.Equal(ErrorCode.KafkaStorageError, await AlterAsync(play, First, "t", lost));
    });

    [Fact]
    public void A_cordoned_directory_is_no_target() => DirectoryScenario.Play(
        async play => Assert.Equal(ErrorCode.InvalidReplicaAssignment, await AlterAsync(play, Second, "t", play.PartitionIn(First))), ("cordoned.log.dirs", Second));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_partition_is_moved_while_it_is_written_and_the_controller_hears_of_it(short version) => DirectoryScenario.Play(async play =>
    {
        int partition = play.PartitionIn(First);
        for (int i = 0; i < 50; i++) Assert.Equal(ErrorCode.None, await play.ProduceAsync(partition, $"v{i}"));
        Assert.Equal(ErrorCode.None, await AlterAsync(play, Second, "t", partition, version));
        for (int i = 50; i < 80; i++) Assert.Equal(ErrorCode.None, await play.ProduceAsync(partition, $"v{i}"));
        Uuid second = play.World.Node.Services.Store.Directories[1].Id;
        await play.UntilAsync(_ => play.Registration(partition).DirectoryOf(1) == second);
        Assert.Equal(Second, play.DirectoryOf(partition));
        Assert.Equal(["a", .. Enumerable.Range(0, 80).Select(i => $"v{i}")], (await play.FetchAsync(partition)).Values);
        Assert.Equal(ErrorCode.None, await AlterAsync(play, Second, "t", partition));
        await play.World.StopNodeAsync();
        await play.RestartAsync();
        Assert.Equal((Second, 81), (play.DirectoryOf(partition), (await play.FetchAsync(partition)).Values.Count));
    });

    [Fact]
    public void A_throttled_move_is_described_goes_on_after_a_restart_and_can_be_called_back() => DirectoryScenario.Play(async play =>
    {
        int partition = play.PartitionIn(First);
        for (int i = 0; i < 20; i++) await play.ProduceAsync(partition, new string('x', 1000));
        Assert.Equal(ErrorCode.None, await ThrottleAsync(play, 500));
        Assert.Equal(ErrorCode.None, await AlterAsync(play, Second, "t", partition));
        await play.World.Scheduler.Delay(TimeSpan.FromSeconds(5));
        DescribeLogDirsResponse.DescribeLogDirsPartition copy = Assert.Single((await play.DescribeAsync(Second)).Topics.SelectMany(topic => topic.Partitions), each => each.IsFutureKey);
        Assert.Equal((partition, true, true), (copy.PartitionIndex, copy.OffsetLag is > 0 and < 21, copy.PartitionSize is > 1000 and < 5000));
        await play.World.StopNodeAsync();
        await play.RestartAsync();
        Assert.NotNull(play.World.Node.Services.Store.FindMove(new TopicPartition("t", partition)));
        Assert.Equal(ErrorCode.None, await AlterAsync(play, First, "t", partition));
        Assert.Null(play.World.Node.Services.Store.FindMove(new TopicPartition("t", partition)));
        Assert.Equal(First, play.DirectoryOf(partition));
        Assert.Equal(21, (await play.FetchAsync(partition)).Values.Count);
    });

    [Fact]
    public void A_directory_named_for_a_partition_that_is_not_there_yet_is_remembered() => DirectoryScenario.Play(async play =>
    {
        for (int partition = 0; partition < 4; partition++) Assert.Equal(ErrorCode.UnknownTopicOrPartition, await AlterAsync(play, Second, "later", partition));
        await play.World.CreateTopicAsync("later", 4);
        Assert.All(play.World.Node.Services.Store.Logs.Where(log => log.Partition.Topic == "later"), log => Assert.Equal(Second, log.Directory.Path));
    });

    [Fact]
    public void What_was_acknowledged_during_a_move_is_there_after_a_power_cut() => DirectoryScenario.Play(async play =>
    {
        int partition = play.PartitionIn(First), acknowledged = 1;
        Assert.Equal(ErrorCode.None, await AlterAsync(play, Second, "t", partition));
        for (int i = 0; i < 12; i++)
        {
            if (await play.ProduceAsync(partition, $"v{i}") == ErrorCode.None) acknowledged++;
        }

        play.World.Machine.PowerCut();
        await play.RestartAsync();
        Assert.Equal(acknowledged, (await play.FetchAsync(partition)).Values.Count);
    });

    private static async Task<ErrorCode> AlterAsync(DirectoryScenario play, string directory, string topic, int partition, short version = 2)
    {
        var request = new AlterReplicaLogDirsRequest();
        request.Dirs.Add(new() { Path = directory, Topics = [new() { Name = topic, Partitions = [partition] }] });
        AlterReplicaLogDirsResponse response = await play.Client.AskAsync(request, version);
        AlterReplicaLogDirsResponse.AlterReplicaLogDirPartitionResult result = Assert.Single(Assert.Single(response.Results).Partitions);
        Assert.Equal((topic, partition), (response.Results[0].TopicName, result.PartitionIndex));
        return (ErrorCode)result.ErrorCode;
    }

    private static async Task<ErrorCode> ThrottleAsync(DirectoryScenario play, long bytesPerSecond)
    {
        var request = new IncrementalAlterConfigsRequest();
        request.Resources.Add(new() { ResourceType = 4, ResourceName = "1", Configs = [new() { Name = "replica.alter.log.dirs.io.max.bytes.per.second", Value = $"{bytesPerSecond}" }] });
        return (ErrorCode)(await play.Client.AskAsync(request, 1)).Responses[0].ErrorCode;
    }
}
