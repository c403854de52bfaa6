using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Metadata.Control;

/// <summary>DeleteTopics.</summary>
internal sealed class TopicDeletion(ControllerOptions options, ControllerState state)
{
    /// <summary>DeleteTopics (key 20): removes topics by name or, from v6, by id; each succeeds or fails alone.</summary>
    /// <remarks>
    /// Errors, by topic: UNKNOWN_TOPIC_OR_PARTITION (name), UNKNOWN_TOPIC_ID (id), TOPIC_AUTHORIZATION_FAILED, INVALID_REQUEST (name and id, neither, or the
    /// same topic twice), TOPIC_DELETION_DISABLED (before v3 INVALID_REQUEST).
    /// </remarks>
    /// <param name="context">The context.</param>
    /// <param name="request">The request.</param>
    /// <param name="mayDescribe">Whether the asker may know that a topic exists.</param>
    /// <param name="mayDelete">Whether the asker may delete a topic.</param>
    internal ControllerResult<DeleteTopicsResponse> Delete(ControllerContext context, DeleteTopicsRequest request, Func<string, bool> mayDescribe, Func<string, bool> mayDelete)
    {
        var response = new DeleteTopicsResponse();
        if (!options.DeleteTopicEnable)
        {
            ErrorCode disabled = context.ApiVersion < 3 ? ErrorCode.InvalidRequest : ErrorCode.TopicDeletionDisabled;
            foreach (string name in request.TopicNames) Add(response, name, Uuid.Zero, new ApiError(disabled));
            foreach (DeleteTopicsRequest.DeleteTopicState topic in request.Topics) Add(response, topic.Name, topic.TopicId, new ApiError(disabled));
            return ControllerResult<DeleteTopicsResponse>.Of(response);
        }

        var names = new Asked<string>();
        var ids = new Asked<Uuid>();
        foreach (string name in request.TopicNames) names.Add(name);
        foreach (DeleteTopicsRequest.DeleteTopicState topic in request.Topics)
        {
            if (topic.Name is not null && topic.TopicId != Uuid.Zero) Add(response, topic.Name, topic.TopicId, new ApiError(ErrorCode.InvalidRequest, "You may not specify both topic name and topic id."));
            else if (topic.Name is not null) names.Add(topic.Name);
            else if (topic.TopicId != Uuid.Zero) ids.Add(topic.TopicId);
            else Add(response, null, Uuid.Zero, new ApiError(ErrorCode.InvalidRequest, "Neither topic name nor id were specified."));
        }

        foreach (string name in names.Twice) Add(response, name, Uuid.Zero, new ApiError(ErrorCode.InvalidRequest, "Duplicate topic name."));
        foreach (Uuid id in ids.Twice) Add(response, null, id, new ApiError(ErrorCode.InvalidRequest, "Duplicate topic id."));

        var chosen = new List<TopicImage>();
        foreach (Uuid id in ids.Once)
        {
            TopicImage? topic = state.Topics.Find(id);
            if (topic is null) Add(response, null, id, new ApiError(ErrorCode.UnknownTopicId, "This server does not host this topic ID."));
            else if (mayDelete(topic.Name)) chosen.Add(topic);
            else Add(response, mayDescribe(topic.Name) ? topic.Name : null, id, new ApiError(ErrorCode.TopicAuthorizationFailed, "Topic authorization failed."));
        }

        foreach (string name in names.Once)
        {
            TopicImage? topic = state.Topics.Find(name);
            if (!mayDescribe(name) || (topic is not null && !mayDelete(name))) Add(response, name, Uuid.Zero, new ApiError(ErrorCode.TopicAuthorizationFailed, "Topic authorization failed."));
            else if (topic is null) Add(response, name, Uuid.Zero, new ApiError(ErrorCode.UnknownTopicOrPartition, "This server does not host this topic-partition."));
            else if (chosen.Remove(topic) || ids.Twice.Contains(topic.Id)) Add(response, name, topic.Id, new ApiError(ErrorCode.InvalidRequest, "The provided topic name maps to an ID that was already supplied."));
            else chosen.Add(topic);
        }

        var records = new List<MetadataRecord>();
        foreach (TopicImage topic in chosen)
        {
            records.Add(new MetadataRecord(new RemoveTopicRecord { TopicId = topic.Id }, 0));
            Add(response, topic.Name, topic.Id, ApiError.None);
        }

        return new ControllerResult<DeleteTopicsResponse>(records, response, true);
    }

    private static void Add(DeleteTopicsResponse response, string? name, Uuid id, ApiError error) =>
        response.Responses.Add(new DeleteTopicsResponse.DeletableTopicResult { Name = name, TopicId = id, ErrorCode = (short)error.Code, ErrorMessage = error.Message });

    /// <summary>What was asked for, in order, apart from what was asked for twice.</summary>
    private sealed class Asked<T> where T : notnull
    {
        private readonly HashSet<T> seen = [];

        internal List<T> Once { get; } = [];

        internal List<T> Twice { get; } = [];

        internal void Add(T item)
        {
            if (seen.Add(item)) Once.Add(item);
            else if (Once.Remove(item)) Twice.Add(item);
        }
    }
}
