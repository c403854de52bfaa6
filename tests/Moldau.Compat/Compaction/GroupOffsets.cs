using System.Text.Json.Nodes;
using Moldau.Compat.Oracle;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Compat.Compaction;

/// <summary>The offsets that a group without members has committed for partitions of a topic.</summary>
internal sealed class GroupOffsets(OracleNode node, string group, string topic)
{
    private static readonly int[] NotYet = [(int)ErrorCode.CoordinatorLoadInProgress, (int)ErrorCode.CoordinatorNotAvailable, (int)ErrorCode.NotCoordinator, (int)ErrorCode.UnknownTopicOrPartition];

    /// <summary>Asks for the coordinator, which makes <c>__consumer_offsets</c>.</summary>
    public Task FindCoordinatorAsync(CancellationToken token) =>
        Client.EventuallyAsync(() => node.AskAsync(new FindCoordinatorRequest { Key = group }, 3, token), static answer => (long)answer["errorCode"]! == 0, token);

    public async Task CommitAsync(int partition, long offset, CancellationToken token)
    {
        JsonNode answer = await Client.EventuallyAsync(() => SendAsync(partition, offset, token), static answer => !NotYet.Contains(Error(answer)), token);
        Assert.Equal(0, Error(answer));
    }

    public async Task DeleteAsync(int partition, CancellationToken token)
    {
        var request = new OffsetDeleteRequest { GroupId = group };
        OffsetDeleteRequest.OffsetDeleteRequestTopic of = request.Topics.Add();
        of.Name = topic;
        of.Partitions.Add().PartitionIndex = partition;
        JsonNode answer = await node.AskAsync(request, 0, token);
        Assert.Equal(0, (long)answer["errorCode"]!);
        Assert.Equal(0, (long)answer["topics"]![0]!["partitions"]![0]!["errorCode"]!);
    }

    /// <summary>All of them, by partition.</summary>
    public async Task<Dictionary<int, long>> FetchAsync(CancellationToken token)
    {
        JsonNode answer = await Client.EventuallyAsync(
            () => node.AskAsync(new OffsetFetchRequest { GroupId = group, Topics = null }, 5, token), static answer => answer is JsonObject && !NotYet.Contains((int)(long)answer["errorCode"]!), token);
        Assert.Equal(0, (long)answer["errorCode"]!);
        return ((JsonArray)answer["topics"]!).SelectMany(static of => (JsonArray)of!["partitions"]!)
            .ToDictionary(static entry => (int)(long)entry!["partitionIndex"]!, static entry => (long)entry!["committedOffset"]!);
    }

    private Task<JsonNode> SendAsync(int partition, long offset, CancellationToken token)
    {
        var request = new OffsetCommitRequest { GroupId = group, MemberId = "", GenerationIdOrMemberEpoch = -1 };
        OffsetCommitRequest.OffsetCommitRequestTopic of = request.Topics.Add();
        of.Name = topic;
        OffsetCommitRequest.OffsetCommitRequestPartition entry = of.Partitions.Add();
        entry.PartitionIndex = partition;
        entry.CommittedOffset = offset;
        entry.CommittedMetadata = "";
        return node.AskAsync(request, 7, token);
    }

    private static int Error(JsonNode answer) => (int)(long)answer["topics"]![0]!["partitions"]![0]!["errorCode"]!;
}
