using Moldau.Broker.Controllers;
using Moldau.Broker.Network;
using Moldau.Broker.Publishing;
using Moldau.Metadata;
using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>Metadata (key 3, v0-13): the brokers of the cluster, and the partitions of topics with their leaders.</summary>
/// <remarks>
/// All topics: an empty list in v0, null from v1. Creates unknown topics that are named, where both the request (v4) and <c>auto.create.topics.enable</c> allow it; the answer
/// that begins the creation still says UNKNOWN_TOPIC_OR_PARTITION. v7 leader epochs; v8-10 authorized operations (KIP-430); v10 topic ids, by which v12 may ask
/// (KIP-516). Errors per topic: UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_ID, INVALID_TOPIC_EXCEPTION, INVALID_REQUEST; per partition LEADER_NOT_AVAILABLE,
/// LISTENER_NOT_FOUND.
/// </remarks>
internal sealed class MetadataHandler(MetadataCache metadata, TopicAutoCreation autoCreation, string clusterId)
    : ApiHandler<MetadataRequest, MetadataResponse>(ApiKey.Metadata, 0, 13)
{
    private const short FirstVersionByTopicId = 12;

    protected internal override ValueTask HandleAsync(RequestContext<MetadataRequest, MetadataResponse> context)
    {
        MetadataRequest request = context.Request;
        MetadataImage image = metadata.Image;
        if (IsMalformed(context))
        {
            foreach (MetadataRequest.MetadataRequestTopic asked in request.Topics!)
            {
                MetadataResponse.MetadataResponseTopic refused = context.Response.Topics.Add();
                refused.ErrorCode = (short)ErrorCode.InvalidRequest;
                refused.Name = asked.Name ?? "";
                refused.TopicId = asked.TopicId;
            }

            return ValueTask.CompletedTask;
        }

        AddCluster(context, image);
        var topics = new TopicMetadataWriter(image, context.Connection.Listener.Name, context.Version);
        if (request.Topics is null || (context.Version == 0 && request.Topics.Count == 0))
        {
            foreach (TopicImage topic in image.Topics.All) topics.Write(context.Response.Topics.Add(), topic);
        }
        else
        {
            // A topic that is named twice is answered once.
            var answered = new HashSet<(string? Name, Uuid Id)>();
            foreach (MetadataRequest.MetadataRequestTopic asked in request.Topics)
            {
                if (answered.Add((asked.Name, asked.TopicId))) AddAsked(context, image, topics, asked);
            }
        }

        if (!request.IncludeTopicAuthorizedOperations) return ValueTask.CompletedTask;
        foreach (MetadataResponse.MetadataResponseTopic topic in context.Response.Topics)
        {
            // They are those of the name, whether or not there is such a topic.
            if ((ErrorCode)topic.ErrorCode is ErrorCode.None or ErrorCode.UnknownTopicOrPartition) topic.TopicAuthorizedOperations = AuthorizedOperations.Topic;
        }

        return ValueTask.CompletedTask;
    }

    private static bool IsMalformed(RequestContext<MetadataRequest, MetadataResponse> context)
    {
        if (context.Request.Topics is null || context.Version >= FirstVersionByTopicId) return false;
        foreach (MetadataRequest.MetadataRequestTopic topic in context.Request.Topics)
        {
            if (topic.Name is null || topic.TopicId != Uuid.Zero) return true;
        }

        return false;
    }

    private void AddCluster(RequestContext<MetadataRequest, MetadataResponse> context, MetadataImage image)
    {
        MetadataResponse response = context.Response;
        response.ClusterId = clusterId;
        foreach (BrokerRegistration broker in image.Cluster.Brokers.Values)
        {
            if (broker.Fenced || MetadataCache.EndpointOf(broker, context.Connection.Listener.Name) is not { } endpoint) continue;
            MetadataResponse.MetadataResponseBroker node = response.Brokers.Add();
            node.NodeId = broker.Id;
            node.Host = endpoint.Host;
            node.Port = endpoint.Port;
            node.Rack = broker.Rack;
            // Clients send admin requests here; every broker forwards them to the controller, so any that is alive will do.
            if (response.ControllerId < 0) response.ControllerId = broker.Id;
        }

        if (context.Request.IncludeClusterAuthorizedOperations) response.ClusterAuthorizedOperations = AuthorizedOperations.Cluster;
    }

    private void AddAsked(
        RequestContext<MetadataRequest, MetadataResponse> context, MetadataImage image, TopicMetadataWriter topics, MetadataRequest.MetadataRequestTopic asked)
    {
        MetadataResponse.MetadataResponseTopic answer = context.Response.Topics.Add();
        bool byId = asked.Name is null || asked.TopicId != Uuid.Zero;
        TopicImage? topic = byId ? image.Topics.Find(asked.TopicId) : image.Topics.Find(asked.Name!);
        if (topic is not null)
        {
            topics.Write(answer, topic);
            return;
        }

        answer.Name = byId ? null : asked.Name;
        answer.TopicId = asked.TopicId;
        answer.IsInternal = !byId && TopicNames.IsInternal(asked.Name!);
        bool mayCreate = !byId && (context.Version < 4 || context.Request.AllowAutoTopicCreation);
        answer.ErrorCode = (short)(
            byId ? ErrorCode.UnknownTopicId
            : TopicNames.Reject(asked.Name!) is not null ? ErrorCode.InvalidTopicException
            : mayCreate ? autoCreation.Begin(asked.Name!)
            : ErrorCode.UnknownTopicOrPartition);
    }
}
