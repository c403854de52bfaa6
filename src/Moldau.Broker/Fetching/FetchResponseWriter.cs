using Moldau.Broker.Publishing;
using Moldau.Metadata.Image;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Storage.Indexes;

namespace Moldau.Broker.Fetching;

/// <summary>Turns what a fetch has read into its response. Neighbouring partitions of one topic stand together.</summary>
internal sealed class FetchResponseWriter(MetadataCache metadata)
{
    private const short FirstVersionWithLeader = 16;

    /// <summary>Fills the response; returns the bytes of records in it. Partitions of an incremental fetch without news are left out.</summary>
    public long Fill(FetchResponse response, short version, FetchPlan plan, FetchOrigin origin, string listener)
    {
        long bytes = 0;
        FetchResponse.FetchableTopicResponse? topic = null;
        FetchTarget? next, last = LastOf(plan);
        for (FetchTarget? target = plan.First; target is not null; target = next)
        {
            next = target == last ? null : target.Next;
            if (plan.IsIncremental && !target.HasNews()) continue;
            if (topic is null || topic.TopicId != target.TopicId || topic.Topic != (target.Topic ?? ""))
            {
                topic = response.Responses.Add();
                topic.Topic = target.Topic ?? "";
                topic.TopicId = target.TopicId;
            }

            if (version < FirstVersionWithLeader) target.Result.LeaderId = -1;
            Fill(topic.Partitions.Add(), target, origin.Isolation);
            bytes += target.Result.Records.Length;
            // A follower learns of leaders from the metadata log.
            if (target.Result.LeaderId >= 0 && !origin.IsFollower) AddEndpoint(response, target.Result.LeaderId, listener);
            target.Tell();
            if (target.Result.Records.Length > 0) plan.Session?.MoveToEnd(target);
            // The region is the response's from here on, and is released when it has been sent.
            target.Result.Records = Records.Empty;
        }

        response.SessionId = plan.Session?.Id ?? FetchEpochs.NoSession;
        return bytes;
    }

    // Partitions with records move behind this one while they are written.
    private static FetchTarget? LastOf(FetchPlan plan)
    {
        FetchTarget? last = plan.First;
        while (last?.Next is { } next) last = next;
        return last;
    }

    private static void Fill(FetchResponse.PartitionData partition, FetchTarget target, FetchIsolation isolation)
    {
        ref FetchResult result = ref target.Result;
        partition.PartitionIndex = target.Partition;
        partition.ErrorCode = (short)result.Error;
        partition.HighWatermark = result.HighWatermark;
        partition.LastStableOffset = result.LastStableOffset;
        partition.LogStartOffset = result.LogStart;
        partition.Records = result.Records;
        if (result.DivergingEndOffset >= 0)
        {
            partition.DivergingEpoch.Epoch = result.DivergingEpoch;
            partition.DivergingEpoch.EndOffset = result.DivergingEndOffset;
        }

        if (result.LeaderId >= 0)
        {
            partition.CurrentLeader.LeaderId = result.LeaderId;
            partition.CurrentLeader.LeaderEpoch = result.LeaderEpoch;
        }

        // Null tells the client that nothing was filtered, an empty list that nothing was aborted. Kafka's answer for a partition that it does not know has the list.
        partition.AbortedTransactions = result.Error is ErrorCode.UnknownTopicOrPartition or ErrorCode.UnknownTopicId ? [] : null;
        if (isolation != FetchIsolation.LastStable || result.Error != ErrorCode.None) return;
        partition.AbortedTransactions = [];
        if (result.Aborted is null) return;
        foreach (AbortedTransaction aborted in result.Aborted)
        {
            FetchResponse.AbortedTransaction entry = partition.AbortedTransactions.Add();
            entry.ProducerId = aborted.ProducerId;
            entry.FirstOffset = aborted.FirstOffset;
        }
    }

    private void AddEndpoint(FetchResponse response, int leader, string listener)
    {
        foreach (FetchResponse.NodeEndpoint known in response.NodeEndpoints)
        {
            if (known.NodeId == leader) return;
        }

        if (metadata.Reach(leader, listener) is not { } endpoint) return;
        FetchResponse.NodeEndpoint node = response.NodeEndpoints.Add();
        node.NodeId = leader;
        node.Host = endpoint.Host;
        node.Port = endpoint.Port;
        node.Rack = metadata.Image.Cluster.Broker(leader)?.Rack;
    }
}
