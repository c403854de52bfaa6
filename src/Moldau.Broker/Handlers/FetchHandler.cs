using Moldau.Broker.Fetching;
using Moldau.Broker.Network;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Broker.Handlers;

/// <summary>Fetch (key 1, v4-18): record batches from partitions this node leads, as file regions; waits for <c>MinBytes</c> up to <c>MaxWaitMs</c>.</summary>
/// <remarks>
/// v7 sessions (KIP-227); v9 leader epochs (KIP-320); v11 preferred replica, always -1 here (KIP-392); v12 diverging epochs; v13 topic ids (KIP-516);
/// v16 node endpoints (KIP-951). Errors per partition: OFFSET_OUT_OF_RANGE, UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_ID, NOT_LEADER_OR_FOLLOWER,
/// FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH, KAFKA_STORAGE_ERROR, UNKNOWN_SERVER_ERROR (a negative size, as in Kafka); of the session: <see cref="FetchSessions"/>; of the
/// whole: UNKNOWN_SERVER_ERROR (an isolation level that does not exist, as in Kafka).
/// </remarks>
internal sealed class FetchHandler(
    FetchSessions sessions, FetchReader reader, FetchResponseWriter writer, FetchWait wait, Func<int> fetchMaxBytes)
    : ApiHandler<FetchRequest, FetchResponse>(ApiKey.Fetch, 4, 18)
{
    private const sbyte ReadUncommitted = 0, ReadCommitted = 1;
    private const short FirstVersionWithTopicIds = 13;
    private const int DebuggingConsumer = -2;

    protected internal override async ValueTask HandleAsync(RequestContext<FetchRequest, FetchResponse> context)
    {
        if (context.Request.IsolationLevel is not (ReadUncommitted or ReadCommitted))
        {
            Refuse(context, ErrorCode.UnknownServerError);
            return;
        }

        FetchPlan plan = context.Scratch as FetchPlan ?? new FetchPlan();
        context.Scratch = plan;
        ErrorCode error = sessions.Begin(context.Request, context.Version, plan);
        if (error != ErrorCode.None)
        {
            context.Response.ErrorCode = (short)error;
            return;
        }

        try
        {
            FetchOrigin origin = OriginOf(context.Request);
            await ReadAsync(context, plan, origin);
            context.ResponseBytesHint = writer.Fill(context.Response, context.Version, plan, origin, context.Connection.Listener.Name);
        }
        catch
        {
            DropRecords(plan);
            throw;
        }
        finally
        {
            FetchSessions.End(plan);
        }
    }

    // While topics had names in the answer, Kafka told an error of the whole request of each partition too.
    private static void Refuse(RequestContext<FetchRequest, FetchResponse> context, ErrorCode error)
    {
        context.Response.ErrorCode = (short)error;
        if (context.Version >= FirstVersionWithTopicIds) return;
        foreach (FetchRequest.FetchTopic topic in context.Request.Topics)
        {
            FetchResponse.FetchableTopicResponse answer = context.Response.Responses.Add();
            answer.Topic = topic.Topic;
            foreach (FetchRequest.FetchPartition asked in topic.Partitions)
            {
                FetchResponse.PartitionData partition = answer.Partitions.Add();
                partition.PartitionIndex = asked.Partition;
                partition.ErrorCode = (short)error;
                partition.HighWatermark = -1;
                partition.AbortedTransactions = [];
                partition.Records = Records.Empty;
            }
        }
    }

    private static FetchOrigin OriginOf(FetchRequest request)
    {
        int replica = FetchSessions.ReplicaId(request);
        bool readsAll = replica >= 0 || request.ReplicaId == DebuggingConsumer;
        return new FetchOrigin(
            replica, readsAll ? FetchIsolation.LogEnd : request.IsolationLevel == ReadCommitted ? FetchIsolation.LastStable : FetchIsolation.HighWatermark);
    }

    private async ValueTask ReadAsync(RequestContext<FetchRequest, FetchResponse> context, FetchPlan plan, FetchOrigin origin)
    {
        int maxBytes = Math.Min(context.Request.MaxBytes, fetchMaxBytes());
        int minBytes = Math.Min(context.Request.MinBytes, maxBytes);
        bool byId = context.Version >= 13;
        bool isEnough = ReadAll(plan, byId, maxBytes, minBytes, origin);
        if (isEnough || context.Request.MaxWaitMs <= 0 || plan.IsEmpty) return;
        DropRecords(plan);
        await wait.WaitAsync(plan, origin, minBytes, TimeSpan.FromMilliseconds(context.Request.MaxWaitMs), context.Cancellation);
        ReadAll(plan, byId, maxBytes, minBytes, origin);
    }

    // Whether the answer can be sent: there are enough bytes, or something went wrong that the client should know at once.
    private bool ReadAll(FetchPlan plan, bool byId, int maxBytes, int minBytes, FetchOrigin origin)
    {
        long bytes = 0;
        bool isUrgent = false;
        for (FetchTarget? target = plan.First; target is not null; target = target.Next)
        {
            long left = maxBytes < 0 ? maxBytes : Math.Max(0, maxBytes - bytes);
            reader.Read(target, byId, (int)left, atLeastOneBatch: bytes == 0, origin);
            bytes += target.Result.Available = target.Result.Records.Length;
            isUrgent |= target.Result.Error != ErrorCode.None || target.Result.DivergingEndOffset >= 0;
        }

        return isUrgent || bytes >= minBytes;
    }

    private static void DropRecords(FetchPlan plan)
    {
        for (FetchTarget? target = plan.First; target is not null; target = target.Next) target.DropRecords();
    }
}
