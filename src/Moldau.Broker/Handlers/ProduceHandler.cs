using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Moldau.Broker.Network;
using Moldau.Broker.Partitions;
using Moldau.Broker.Publishing;
using Moldau.Metadata;
using Moldau.Protocol;
using Moldau.Protocol.Batches;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Transport;
using Moldau.Storage;

namespace Moldau.Broker.Handlers;

/// <summary>Produce (key 0, v3-13): appends one batch to each partition named, and confirms when <c>Acks</c> says so.</summary>
/// <remarks>
/// Advertised from v0, which is not served: librdkafka 2.0 stops compressing otherwise. v8 record errors (KIP-467); v10 leader and endpoints on
/// NOT_LEADER_OR_FOLLOWER (KIP-951); v13 topic ids (KIP-516). acks=0 is not answered; if it fails, the connection is closed. acks=all waits for the
/// high watermark, which with one replica is what has been flushed. Errors: those of <see cref="PartitionLog.AppendAsLeader"/>, INVALID_REQUIRED_ACKS,
/// UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_ID, INVALID_TOPIC_EXCEPTION, NOT_LEADER_OR_FOLLOWER, NOT_ENOUGH_REPLICAS, REQUEST_TIMED_OUT,
/// INVALID_PRODUCER_ID_MAPPING (transactions).
/// </remarks>
internal sealed class ProduceHandler(PartitionFinder partitions, MetadataCache metadata, Purgatory purgatory, IScheduler scheduler)
    : ApiHandler<ProduceRequest, ProduceResponse>(ApiKey.Produce, 3, 13)
{
    private const string AdminClientId = "__admin_client";
    private const short FirstVersionWithLeader = 10;

    public override short AdvertisedMinVersion => 0;

    public override bool HoldsFrame => true;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    protected internal override async ValueTask HandleAsync(RequestContext<ProduceRequest, ProduceResponse> context)
    {
        PendingAppends pending = context.Scratch as PendingAppends ?? new PendingAppends();
        context.Scratch = pending;
        pending.Clear();
        if (IsHeavy(context.Request)) await AppendElsewhereAsync(context, pending);
        else AppendAll(context, pending);
        context.LetNextBegin();
        if (context.Request.Acks == 0)
        {
            context.SendsNoAnswer = true;
            context.ClosesConnection = pending.HasFailure;
            return;
        }

        if (context.Request.Acks == -1 && pending.Count > 0) await WaitForCommitAsync(context, pending);
    }

    // By itself: the closure is memory, which a request that is appended here does not need.
    private Task AppendElsewhereAsync(RequestContext<ProduceRequest, ProduceResponse> context, PendingAppends pending) =>
        scheduler.RunBlocking(() => AppendAll(context, pending));

    // Compressed batches are unpacked to be checked: too long for the network thread when they are large.
    private static bool IsHeavy(ProduceRequest request)
    {
        long compressed = 0;
        foreach (ProduceRequest.TopicProduceData topic in request.TopicData)
        {
            foreach (ProduceRequest.PartitionProduceData partition in topic.PartitionData)
            {
                if (BatchPeek.IsCompressed(partition.Records.Memory.Span)) compressed += partition.Records.Length;
            }
        }

        return compressed > Limits.InlineCompressedBytes;
    }

    private void AppendAll(RequestContext<ProduceRequest, ProduceResponse> context, PendingAppends pending)
    {
        foreach (ProduceRequest.TopicProduceData topic in context.Request.TopicData)
        {
            // As in Kafka, a topic without partitions is not answered.
            if (topic.PartitionData.Count == 0) continue;
            ProduceResponse.TopicProduceResponse answer = context.Response.Responses.Add();
            answer.Name = topic.Name;
            answer.TopicId = topic.TopicId;
            foreach (ProduceRequest.PartitionProduceData data in topic.PartitionData)
            {
                ProduceResponse.PartitionProduceResponse partition = answer.PartitionResponses.Add();
                partition.Index = data.Index;
                partition.BaseOffset = -1;
                Append(context, topic, data, partition, pending);
                // The request is recycled, the frame is not its own: it must not hold on to the frame's memory.
                data.Records = Records.Null;
                pending.HasFailure |= partition.ErrorCode != (short)ErrorCode.None;
            }
        }
    }

    private void Append(
        RequestContext<ProduceRequest, ProduceResponse> context,
        ProduceRequest.TopicProduceData topic,
        ProduceRequest.PartitionProduceData data,
        ProduceResponse.PartitionProduceResponse answer,
        PendingAppends pending)
    {
        ErrorCode error = Check(context, topic, data, out HostedPartition? hosted);
        if (error != ErrorCode.None)
        {
            answer.ErrorCode = (short)error;
            if (data.Records.IsNull && error == ErrorCode.InvalidRecord) answer.ErrorMessage = "a produce request without records";
            return;
        }

        AppendResult result = hosted!.Append(MemoryMarshal.AsMemory(data.Records.Memory), AppendOrigin.Client, context.Version);
        answer.ErrorCode = (short)result.Error;
        answer.BaseOffset = result.BaseOffset;
        answer.LogAppendTimeMs = result.LogAppendTimeMs;
        answer.LogStartOffset = IsLogStartNamed(result.Error, data.Records.Memory.Span) ? result.LogStartOffset : -1;
        if (result.Error == ErrorCode.None) pending.Add(hosted, answer, result.LastOffset + 1);
        else Explain(context, hosted, answer, result);
    }

    // Kafka names the log's start where the log itself refused, and not where the request or the batch's frame did.
    private static bool IsLogStartNamed(ErrorCode error, ReadOnlySpan<byte> batch) => error switch
    {
        ErrorCode.CorruptMessage or ErrorCode.MessageTooLarge or ErrorCode.UnsupportedCompressionType or ErrorCode.NotLeaderOrFollower or ErrorCode.KafkaStorageError => false,
        ErrorCode.InvalidRecord => BatchPeek.IsOneBatch(batch),
        _ => true,
    };

    private ErrorCode Check(
        RequestContext<ProduceRequest, ProduceResponse> context,
        ProduceRequest.TopicProduceData topic,
        ProduceRequest.PartitionProduceData data,
        out HostedPartition? hosted)
    {
        hosted = null;
        if (context.Request.Acks is < -1 or > 1) return ErrorCode.InvalidRequiredAcks;
        ErrorCode unknown = Find(context.Version, topic, data.Index, out string name, out hosted);
        // The name tells, whether the topic has been made yet or not: a client that is refused now would be refused later too.
        if (TopicNames.IsInternal(name) && context.ClientId != AdminClientId) return ErrorCode.InvalidTopicException;
        if (unknown != ErrorCode.None) return unknown;
        if (data.Records.IsNull) return ErrorCode.InvalidRecord;
        if (BatchPeek.IsTransactional(data.Records.Memory.Span))
        {
            // No coordinator has given out a transactional id yet, so none maps to this producer.
            return context.Request.TransactionalId is null ? ErrorCode.TransactionalIdAuthorizationFailed : ErrorCode.InvalidProducerIdMapping;
        }

        bool isEnough = context.Request.Acks != -1 || hosted!.HasEnoughInSync(hosted.MinInSyncReplicas);
        return isEnough ? ErrorCode.None : ErrorCode.NotEnoughReplicas;
    }

    private ErrorCode Find(short version, ProduceRequest.TopicProduceData topic, int partition, out string name, out HostedPartition? hosted)
    {
        bool byId = version >= 13;
        ErrorCode error = byId ? partitions.Find(topic.TopicId, partition, out hosted) : partitions.Find(topic.Name, partition, out hosted);
        name = byId ? hosted?.Name.Topic ?? "" : topic.Name;
        return error;
    }

    private void Explain(
        RequestContext<ProduceRequest, ProduceResponse> context, HostedPartition hosted, ProduceResponse.PartitionProduceResponse answer, in AppendResult result)
    {
        answer.ErrorMessage = result.ErrorMessage;
        foreach (RecordError record in result.RecordErrors)
        {
            ProduceResponse.BatchIndexAndErrorMessage entry = answer.RecordErrors.Add();
            entry.BatchIndex = record.BatchIndex;
            entry.BatchIndexErrorMessage = record.Message;
        }

        if (result.Error == ErrorCode.NotLeaderOrFollower && context.Version >= FirstVersionWithLeader) NameLeader(context, hosted, answer);
    }

    private void NameLeader(
        RequestContext<ProduceRequest, ProduceResponse> context, HostedPartition hosted, ProduceResponse.PartitionProduceResponse answer)
    {
        (BrokerId leader, LeaderEpoch epoch) = hosted.Leadership;
        answer.CurrentLeader.LeaderId = leader;
        answer.CurrentLeader.LeaderEpoch = epoch;
        foreach (ProduceResponse.NodeEndpoint known in context.Response.NodeEndpoints)
        {
            if (known.NodeId == leader) return;
        }

        if (metadata.Reach(leader, context.Connection.Listener.Name) is not { } endpoint) return;
        ProduceResponse.NodeEndpoint node = context.Response.NodeEndpoints.Add();
        node.NodeId = leader;
        node.Host = endpoint.Host;
        node.Port = endpoint.Port;
        node.Rack = metadata.Image.Cluster.Broker(leader)?.Rack;
    }

    // One partition after the other: together they take as long as the slowest.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WaitForCommitAsync(RequestContext<ProduceRequest, ProduceResponse> context, PendingAppends pending)
    {
        long deadline = purgatory.DeadlineAfter(TimeSpan.FromMilliseconds(Math.Max(0, context.Request.TimeoutMs)));
        for (int i = 0; i < pending.Count; i++)
        {
            (HostedPartition partition, ProduceResponse.PartitionProduceResponse answer, long end) = pending[i];
            ErrorCode error = await partition.WaitForCommitAsync(end, purgatory, deadline, CancellationToken.None);
            if (error == ErrorCode.None) continue;
            answer.ErrorCode = (short)error;
            answer.BaseOffset = -1;
            answer.LogStartOffset = -1;
            answer.LogAppendTimeMs = -1;
        }
    }

    /// <summary>What a request has appended and must see committed. Recycled with the request's context.</summary>
    private sealed class PendingAppends
    {
        private readonly List<(HostedPartition Partition, ProduceResponse.PartitionProduceResponse Answer, long End)> appends = [];

        public bool HasFailure { get; set; }

        public int Count => appends.Count;

        public (HostedPartition Partition, ProduceResponse.PartitionProduceResponse Answer, long End) this[int index] => appends[index];

        public void Add(HostedPartition partition, ProduceResponse.PartitionProduceResponse answer, long end) => appends.Add((partition, answer, end));

        public void Clear()
        {
            appends.Clear();
            HasFailure = false;
        }
    }
}
