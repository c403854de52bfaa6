using Moldau.Client.Clusters;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Producing;

/// <summary>One produce request with its batches, and the reading of its answer.</summary>
internal sealed class ProduceExchange(List<ProducerBatch> batches)
{
    /// <summary>From this version on topics go by id.</summary>
    public const short FirstVersionByTopicId = 13;

    public IReadOnlyList<ProducerBatch> Batches => batches;

    /// <summary>Whether every topic's id is known, so that the request can name them by id.</summary>
    public bool HasTopicIds(ClusterSnapshot known) => batches.TrueForAll(batch => known.Topic(batch.Partition.Topic) is { } topic && topic.Id != Uuid.Zero);

    public ProduceRequest Request(ProducerOptions options, ProducerIdentity identity, ClusterSnapshot known)
    {
        var request = new ProduceRequest { Acks = (short)options.Acks, TimeoutMs = (int)options.RequestTimeout.TotalMilliseconds };
        foreach (IGrouping<string, ProducerBatch> group in batches.GroupBy(static batch => batch.Partition.Topic))
        {
            ProduceRequest.TopicProduceData topic = request.TopicData.Add();
            topic.Name = group.Key;
            topic.TopicId = known.Topic(group.Key)?.Id ?? Uuid.Zero;
            foreach (ProducerBatch batch in group)
            {
                ProduceRequest.PartitionProduceData partition = topic.PartitionData.Add();
                partition.Index = batch.Partition.Partition;
                partition.Records = new Records(batch.Encode(identity));
            }
        }

        return request;
    }

    /// <summary>What the answer says of each batch; null for one that it does not mention.</summary>
    public ProduceResponse.PartitionProduceResponse? AnswerFor(ProducerBatch batch, ProduceResponse response, ClusterSnapshot asked)
    {
        Uuid id = asked.Topic(batch.Partition.Topic)?.Id ?? Uuid.Zero;
        foreach (ProduceResponse.TopicProduceResponse topic in response.Responses)
        {
            bool isTopic = topic.Name.Length > 0 ? topic.Name == batch.Partition.Topic : topic.TopicId == id;
            if (!isTopic) continue;
            foreach (ProduceResponse.PartitionProduceResponse partition in topic.PartitionResponses)
            {
                if (partition.Index == batch.Partition.Partition) return partition;
            }
        }

        return null;
    }
}
