using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Consuming;

/// <summary>
/// A fetch session with one broker (KIP-227): the broker remembers the partitions, so that a request names only what has changed. One request at a time.
/// </summary>
internal sealed class FetchSession
{
    private const int NoSession = 0;
    private const int FirstEpoch = 0;
    private Dictionary<TopicPartition, FetchPosition> known = [];
    private int id = NoSession;
    private int epoch = FirstEpoch;
    private bool byId;

    /// <summary>Fills in the partitions of the next request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="wanted">Everything that is to be fetched.</param>
    /// <param name="usesIds">Whether topics go by id; another way than last time begins anew.</param>
    public void Fill(FetchRequest request, Dictionary<TopicPartition, FetchPosition> wanted, bool usesIds)
    {
        if (usesIds != byId) Restart();
        byId = usesIds;
        request.SessionId = id;
        request.SessionEpoch = epoch;
        bool isFull = epoch == FirstEpoch;
        Dictionary<string, FetchRequest.FetchTopic> topics = new(StringComparer.Ordinal);
        foreach ((TopicPartition partition, FetchPosition position) in wanted)
        {
            if (!isFull && known.TryGetValue(partition, out FetchPosition last) && last == position) continue;
            Add(request, topics, partition, position);
        }

        if (!isFull) Forget(request, wanted);
        known = wanted;
    }

    /// <summary>Takes note of an answer.</summary>
    /// <returns>Whether its partitions count.</returns>
    public bool Handle(FetchResponse response)
    {
        if (response.ErrorCode != 0)
        {
            Restart();
            return false;
        }

        id = response.SessionId;
        epoch = id == NoSession ? FirstEpoch : epoch == int.MaxValue ? FirstEpoch + 1 : epoch + 1;
        return true;
    }

    /// <summary>Begins anew with the next request: the broker may or may not have seen the last one.</summary>
    public void Restart()
    {
        id = NoSession;
        epoch = FirstEpoch;
        known = [];
    }

    private static void Add(FetchRequest request, Dictionary<string, FetchRequest.FetchTopic> topics, TopicPartition partition, FetchPosition position)
    {
        if (!topics.TryGetValue(partition.Topic, out FetchRequest.FetchTopic? topic))
        {
            topics[partition.Topic] = topic = request.Topics.Add();
            topic.Topic = partition.Topic;
            topic.TopicId = position.TopicId;
        }

        FetchRequest.FetchPartition entry = topic.Partitions.Add();
        entry.Partition = partition.Partition;
        entry.CurrentLeaderEpoch = position.LeaderEpoch;
        entry.FetchOffset = position.Offset;
        entry.LastFetchedEpoch = position.LastEpoch;
        entry.PartitionMaxBytes = position.BytesMax;
    }

    private void Forget(FetchRequest request, Dictionary<TopicPartition, FetchPosition> wanted)
    {
        Dictionary<string, FetchRequest.ForgottenTopic> topics = new(StringComparer.Ordinal);
        foreach ((TopicPartition partition, FetchPosition position) in known)
        {
            // A topic that was made again is another one: its old id is forgotten, its new one is asked for as new.
            if (wanted.TryGetValue(partition, out FetchPosition now) && now.TopicId == position.TopicId) continue;
            if (!topics.TryGetValue(partition.Topic, out FetchRequest.ForgottenTopic? topic))
            {
                topics[partition.Topic] = topic = request.ForgottenTopicsData.Add();
                topic.Topic = partition.Topic;
                topic.TopicId = position.TopicId;
            }

            topic.Partitions.Add(partition.Partition);
        }
    }
}

/// <summary>What is asked of a partition.</summary>
internal readonly record struct FetchPosition(Uuid TopicId, long Offset, int LastEpoch, int LeaderEpoch, int BytesMax);
