using Moldau.Client.Clusters;
using Moldau.Client.Connections;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Consuming;

/// <summary>The fetches that go to one broker, one at a time.</summary>
internal sealed class FetchOutlet(BrokerEndpoint broker, Cluster cluster, int owner, ConsumerOptions options)
{
    private const short FirstVersionByTopicId = 13;
    private readonly FetchSession session = new();

    public BrokerEndpoint Broker => broker;

    /// <summary>Whether a fetch is under way or its answer has not been looked at.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>Asks for these partitions.</summary>
    public async Task<FetchAnswer> FetchAsync(List<AssignedPartition> partitions, ClusterSnapshot known)
    {
        IsBusy = true;
        Dictionary<TopicPartition, FetchPosition> wanted = [];
        Dictionary<TopicPartition, (AssignedPartition Partition, int Move)> asked = [];
        foreach (AssignedPartition partition in partitions)
        {
            PartitionMetadata? metadata = known.Partition(partition.Partition);
            Uuid topicId = known.Topic(partition.Partition.Topic)?.Id ?? Uuid.Zero;
            wanted[partition.Partition] = new FetchPosition(topicId, partition.Position, partition.PositionEpoch, metadata?.LeaderEpoch ?? -1, options.PartitionBytesMax);
            asked[partition.Partition] = (partition, partition.Move);
        }

        try
        {
            KafkaConnection connection = await cluster.Links.ConnectAsync(broker, LinkPurpose.Fetch, owner, CancellationToken.None);
            bool hasIds = wanted.Values.All(static position => position.TopicId != Uuid.Zero);
            short version = connection.VersionOf(ApiKey.Fetch, hasIds ? short.MaxValue : (short)(FirstVersionByTopicId - 1));
            var request = new FetchRequest
            {
                MaxWaitMs = (int)options.FetchWaitMax.TotalMilliseconds,
                MinBytes = options.FetchBytesMin,
                MaxBytes = options.FetchBytesMax,
                IsolationLevel = (sbyte)options.IsolationLevel,
                RackId = options.Rack ?? "",
            };
            session.Fill(request, wanted, version >= FirstVersionByTopicId);
            FetchResponse response = await connection.SendAsync(request, cluster.Options.RequestTimeout + options.FetchWaitMax, version);
            return new FetchAnswer(this, asked, wanted, session.Handle(response) ? response : null, (ErrorCode)response.ErrorCode, null);
        }
        catch (KafkaException e)
        {
            session.Restart();
            return new FetchAnswer(this, asked, wanted, null, e.Code, e);
        }
    }

    /// <summary>The last answer has been looked at.</summary>
    public void Done() => IsBusy = false;
}

/// <summary>What came of a fetch.</summary>
/// <param name="Outlet">Where it was sent.</param>
/// <param name="Asked">The partitions it was for, with their moves at the time.</param>
/// <param name="Positions">What was asked of each.</param>
/// <param name="Response">The answer; null when it failed as a whole.</param>
/// <param name="Error">The error of the whole.</param>
/// <param name="Failure">What was thrown.</param>
internal sealed record FetchAnswer(
    FetchOutlet Outlet,
    Dictionary<TopicPartition, (AssignedPartition Partition, int Move)> Asked,
    Dictionary<TopicPartition, FetchPosition> Positions,
    FetchResponse? Response,
    ErrorCode Error,
    KafkaException? Failure);
