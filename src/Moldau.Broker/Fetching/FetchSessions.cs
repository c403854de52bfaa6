using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Fetching;

/// <summary>Finds or makes the session of a fetch, and takes over what the request changes in it (KIP-227).</summary>
internal sealed class FetchSessions(FetchSessionCache cache)
{
    /// <summary>
    /// Fills the plan. Errors: FETCH_SESSION_ID_NOT_FOUND, INVALID_FETCH_SESSION_EPOCH, FETCH_SESSION_TOPIC_ID_ERROR. On success <see cref="End"/> follows.
    /// </summary>
    public ErrorCode Begin(FetchRequest request, short version, FetchPlan plan)
    {
        bool byId = version >= 13;
        if (request.SessionEpoch is FetchEpochs.Initial or FetchEpochs.Final)
        {
            if (request.SessionId != FetchEpochs.NoSession) cache.Remove(request.SessionId);
            BeginFull(request, byId, plan);
            return ErrorCode.None;
        }

        if (!cache.TryGet(request.SessionId, out FetchSession? session)) return ErrorCode.FetchSessionIdNotFound;
        lock (session.Gate)
        {
            if (session.IsInUse || session.Epoch != request.SessionEpoch) return ErrorCode.InvalidFetchSessionEpoch;
            if (session.UsesTopicIds != byId) return ErrorCode.FetchSessionTopicIdError;
            session.IsInUse = true;
            session.Epoch = FetchEpochs.Next(session.Epoch);
        }

        Update(session, request);
        if (session.Count > 0)
        {
            plan.Begin(session, isIncremental: true);
            return ErrorCode.None;
        }

        // A session of no partitions is of no use.
        cache.Remove(session.Id);
        plan.Begin();
        return ErrorCode.None;
    }

    /// <summary>The plan's session may be used by the next request.</summary>
    public static void End(FetchPlan plan)
    {
        if (plan.Session is not { } session) return;
        lock (session.Gate) session.IsInUse = false;
    }

    /// <summary>The replica that fetches; -1 for a consumer. The field has moved in version 15.</summary>
    public static int ReplicaId(FetchRequest request) => request.ReplicaId >= 0 ? request.ReplicaId : request.ReplicaState.ReplicaId;

    private void BeginFull(FetchRequest request, bool byId, FetchPlan plan)
    {
        int size = 0;
        foreach (FetchRequest.FetchTopic topic in request.Topics) size += topic.Partitions.Count;
        FetchSession? session = request.SessionEpoch == FetchEpochs.Initial && size > 0
            ? cache.TryCreate(byId, ReplicaId(request) >= 0, size)
            : null;
        if (session is null)
        {
            plan.Begin();
        }
        else
        {
            session.IsInUse = true;
            plan.Begin(session, isIncremental: false);
        }

        foreach (FetchRequest.FetchTopic topic in request.Topics)
        {
            foreach (FetchRequest.FetchPartition asked in topic.Partitions) Ask(plan.Add(topic.Topic, topic.TopicId, asked.Partition), asked);
        }
    }

    private static void Update(FetchSession session, FetchRequest request)
    {
        foreach (FetchRequest.FetchTopic topic in request.Topics)
        {
            foreach (FetchRequest.FetchPartition asked in topic.Partitions) Ask(session.GetOrAdd(topic.Topic, topic.TopicId, asked.Partition), asked);
        }

        foreach (FetchRequest.ForgottenTopic topic in request.ForgottenTopicsData)
        {
            foreach (int partition in topic.Partitions) session.Remove(topic.Topic, topic.TopicId, partition);
        }
    }

    private static void Ask(FetchTarget target, FetchRequest.FetchPartition asked) =>
        target.Ask(asked.FetchOffset, asked.CurrentLeaderEpoch, asked.LastFetchedEpoch, asked.PartitionMaxBytes);
}
