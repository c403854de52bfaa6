using Moldau.Broker.Tests.Nodes;
using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Storage.Files;

namespace Moldau.Broker.Tests.Directories;

/// <summary>A node with two log directories, the metadata log in the first, and a client.</summary>
internal sealed class DirectoryScenario(NodeWorld world)
{
    public const string First = "/data", Second = "/more";

    private static readonly (string, string) TwoDirectories = ("log.dirs", $"{First},{Second}");

    public NodeWorld World => world;

    public RawClient Client { get; private set; } = null!;

    /// <summary>Plays a scenario with four partitions of topic <c>t</c>, two in each directory, a record in each.</summary>
    public static void Play(Func<DirectoryScenario, Task> scenario, params (string Key, string Value)[] settings) => NodeWorld.Run(
        async world =>
        {
            var play = new DirectoryScenario(world) { Client = await world.ConnectAsync() };
            await world.CreateTopicAsync("t", 4);
            for (int partition = 0; partition < 4; partition++) Assert.Equal(ErrorCode.None, await play.ProduceAsync(partition, "a"));
            await play.AssignedAsync();
            await scenario(play);
        },
        [TwoDirectories, .. settings]);

    /// <summary>Starts the node again and connects.</summary>
    public async Task RestartAsync(params (string Key, string Value)[] settings)
    {
        await world.StartNodeAsync([TwoDirectories, .. settings]);
        Client = await world.ConnectAsync();
        await AssignedAsync();
    }

    /// <summary>The directory that a partition's log lies in.</summary>
    public string DirectoryOf(int partition) => world.Node.Services.Partitions.TryGet("t", partition, out var hosted) ? hosted.Log.Directory.Path : "";

    /// <summary>A partition in a directory.</summary>
    public int PartitionIn(string directory) => Enumerable.Range(0, 4).First(partition => DirectoryOf(partition) == directory);

    /// <summary>What the controller knows of a partition.</summary>
    public PartitionRegistration Registration(int partition) => world.Node.Services.Metadata.Image.Topics.Find("t")!.Partition(partition)!;

    /// <summary>Waits until the metadata shows something.</summary>
    public Task UntilAsync(Func<MetadataImage, bool> holds) => world.Node.Services.Metadata.WaitUntilAsync(holds);

    /// <summary>Waits until the controller knows the directory of each replica.</summary>
    public Task AssignedAsync() => UntilAsync(image => image.Topics.Find("t")!.Partitions.Values.All(partition => partition.DirectoryOf(1) != Uuid.UnassignedDirectory));

    public async Task<ErrorCode> ProduceAsync(int partition, string value) => (ErrorCode)(await Client.AskAsync(Batches.Produce("t", partition, Batches.Of(world.Now(), value)), 9))
        .Responses[0].PartitionResponses[0].ErrorCode;

    public async Task<(ErrorCode Error, List<string> Values)> FetchAsync(int partition)
    {
        FetchResponse.PartitionData answer = (await Client.AskAsync(Batches.Fetch("t", partition, 0), 11)).Responses[0].Partitions[0];
        return ((ErrorCode)answer.ErrorCode, answer.ErrorCode == 0 ? Batches.Values(answer.Records) : []);
    }

    public async Task<DescribeLogDirsResponse.DescribeLogDirsResult> DescribeAsync(string directory, short version = 5)
    {
        DescribeLogDirsResponse response = await Client.AskAsync(new DescribeLogDirsRequest { Topics = null }, version);
        return response.Results.Single(result => result.LogDir == directory);
    }

    /// <summary>From now on every change and flush in a directory fails.</summary>
    public void Break(string directory, DiskFailure failure = DiskFailure.Io) => world.Machine.Disk.Faults.Rule =
        operation => operation.Path.StartsWith(directory, StringComparison.Ordinal) && operation.Kind != Simulated.Disk.DiskOperationKind.Read ? failure : null;
}
