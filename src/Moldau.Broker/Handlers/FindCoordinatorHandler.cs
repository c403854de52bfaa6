using Moldau.Broker.Controllers;
using Moldau.Broker.Groups;
using Moldau.Broker.Network;
using Moldau.Broker.Partitions;
using Moldau.Broker.Publishing;
using Moldau.Metadata;
using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>FindCoordinator (key 10, v0-6): which broker owns a group, a transactional id or a share-partition key.</summary>
/// <remarks>
/// v1 key types; v4 many keys (KIP-699); v6 share keys (KIP-932). The first question for a group creates <c>__consumer_offsets</c>, and is answered once that is there:
/// Kafka says COORDINATOR_NOT_AVAILABLE meanwhile, and clients that ask three times within half a second give up on a slow disk. This node has no
/// transaction or share coordinator: their keys get COORDINATOR_NOT_AVAILABLE, as they do in Kafka before the coordinator is there, and clients ask again. Errors:
/// COORDINATOR_NOT_AVAILABLE, INVALID_REQUEST (an unknown key type, a share key before v6 or of the wrong form).
/// </remarks>
internal sealed class FindCoordinatorHandler(GroupCoordinator coordinator, MetadataCache metadata, TopicAutoCreation autoCreation, Purgatory purgatory)
    : ApiHandler<FindCoordinatorRequest, FindCoordinatorResponse>(ApiKey.FindCoordinator, 0, 6)
{
    private const sbyte Group = 0, Transaction = 1, Share = 2;
    private const short ManyKeysSince = 4, ShareSince = 6;

    protected internal override async ValueTask HandleAsync(RequestContext<FindCoordinatorRequest, FindCoordinatorResponse> context)
    {
        if (context.Request.KeyType == Group && metadata.Image.Topics.Find(TopicNames.ConsumerOffsets) is null) await CreateTopicAsync(context.Cancellation);
        if (context.Version >= ManyKeysSince)
        {
            foreach (string key in context.Request.CoordinatorKeys) WriteEntry(context, context.Response.Coordinators.Add(), key);
        }
        else
        {
            WriteSingle(context);
        }
    }

    private async ValueTask CreateTopicAsync(CancellationToken cancellation)
    {
        var created = new Waiter();
        autoCreation.Begin(TopicNames.ConsumerOffsets, created);
        await purgatory.WaitAsync(created, purgatory.DeadlineAfter(Limits.GroupTopicCreationWait), cancellation);
    }

    private void WriteEntry(RequestContext<FindCoordinatorRequest, FindCoordinatorResponse> context, FindCoordinatorResponse.Coordinator entry, string key)
    {
        ErrorCode error = Find(context, key, out Endpoint? endpoint, out int nodeId);
        entry.Key = key;
        entry.ErrorCode = (short)error;
        entry.ErrorMessage = error == ErrorCode.None ? "" : error.KafkaName();
        entry.NodeId = nodeId;
        entry.Host = endpoint?.Host ?? "";
        entry.Port = endpoint?.Port ?? -1;
    }

    private void WriteSingle(RequestContext<FindCoordinatorRequest, FindCoordinatorResponse> context)
    {
        ErrorCode error = Find(context, context.Request.Key, out Endpoint? endpoint, out int nodeId);
        FindCoordinatorResponse response = context.Response;
        response.ErrorCode = (short)error;
        response.ErrorMessage = error.KafkaName();
        response.NodeId = nodeId;
        response.Host = endpoint?.Host ?? "";
        response.Port = endpoint?.Port ?? -1;
    }

    private ErrorCode Find(RequestContext<FindCoordinatorRequest, FindCoordinatorResponse> context, string key, out Endpoint? endpoint, out int nodeId)
    {
        (endpoint, nodeId) = (null, -1);
        switch (context.Request.KeyType)
        {
            case Group: return FindGroup(key, context.Connection.Listener.Name, out endpoint, out nodeId);
            case Transaction: return ErrorCode.CoordinatorNotAvailable;
            case Share: return context.Version >= ShareSince && IsShareKey(key) ? ErrorCode.CoordinatorNotAvailable : ErrorCode.InvalidRequest;
            default: return ErrorCode.InvalidRequest;
        }
    }

    private ErrorCode FindGroup(string groupId, string listener, out Endpoint? endpoint, out int nodeId)
    {
        (endpoint, nodeId) = (null, -1);
        if (metadata.Image.Topics.Find(TopicNames.ConsumerOffsets) is not { } topic) return ErrorCode.CoordinatorNotAvailable;
        if (topic.Partition(coordinator.PartitionOf(groupId)) is not { Leader: >= 0 } partition) return ErrorCode.CoordinatorNotAvailable;
        endpoint = metadata.Reach(partition.Leader, listener);
        if (endpoint is null) return ErrorCode.CoordinatorNotAvailable;
        nodeId = partition.Leader;
        return ErrorCode.None;
    }

    /// <summary>group:topic id:partition, where the group's id may hold colons itself.</summary>
    private static bool IsShareKey(string key)
    {
        int last = key.LastIndexOf(':');
        int middle = last <= 0 ? -1 : key.LastIndexOf(':', last - 1);
        return middle > 0 && Uuid.TryParse(key[(middle + 1)..last], out _) && int.TryParse(key[(last + 1)..], out int partition) && partition >= 0;
    }
}
