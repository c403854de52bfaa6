using Moldau.Client.Clusters;
using Moldau.Client.Waiting;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Consuming;

/// <summary>
/// Fetches for a consumer: one request at a time to each leader, for partitions of which nothing is buffered. Used by the consumer's caller; only the
/// answers come in from elsewhere, and wait in a queue.
/// </summary>
internal sealed class Fetcher(Cluster cluster, ConsumerOptions options, int owner, Signal work, MetadataWish metadata)
{
    private readonly Dictionary<int, FetchOutlet> outlets = [];
    private readonly Queue<FetchedPartition> buffered = new();
    private readonly Queue<FetchAnswer> answers = new();
    private readonly Lock gate = new();
    private readonly Backoff backoff = cluster.Retries.NewBackoff();

    /// <summary>Sends what can be sent.</summary>
    public void Send(IEnumerable<AssignedPartition> assigned)
    {
        ClusterSnapshot known = cluster.Snapshot;
        long now = cluster.Scheduler.Time.GetTimestamp();
        Dictionary<int, List<AssignedPartition>> byLeader = [];
        foreach (AssignedPartition partition in assigned)
        {
            if (partition.Position < 0 || partition.IsPaused || partition.IsBusy || partition.NotBefore > now) continue;
            if (known.LeaderOf(partition.Partition) is not { } leader)
            {
                metadata.Want();
                continue;
            }

            if (!byLeader.TryGetValue(leader.Id, out List<AssignedPartition>? partitions)) byLeader[leader.Id] = partitions = [];
            partitions.Add(partition);
        }

        foreach ((int broker, List<AssignedPartition> partitions) in byLeader)
        {
            FetchOutlet outlet = OutletTo(known.Broker(broker)!);
            if (outlet.IsBusy || buffered.Count >= Limits.BufferedFetches) continue;
            foreach (AssignedPartition partition in partitions) partition.IsBusy = true;
            Task<FetchAnswer> fetch = outlet.FetchAsync(partitions, known);
            _ = cluster.Scheduler.Start("fetch", () => ReceiveAsync(fetch));
        }
    }

    /// <summary>Takes what has been fetched, up to the poll's limit.</summary>
    /// <param name="isAssigned">Whether a partition is still the consumer's.</param>
    /// <exception cref="KafkaException">A partition cannot be read, or its offset is gone and the options say to throw.</exception>
    public List<ConsumedRecord> Collect(Func<AssignedPartition, bool> isAssigned)
    {
        while (TakeAnswer() is { } answer) Handle(answer, isAssigned);
        List<ConsumedRecord> records = [];
        for (int left = buffered.Count; left > 0 && records.Count < options.PollRecordsMax; left--)
        {
            FetchedPartition fetched = buffered.Peek();
            bool isWanted = isAssigned(fetched.Partition) && fetched.Move == fetched.Partition.Move;
            if (isWanted && fetched.Partition.IsPaused)
            {
                buffered.Enqueue(buffered.Dequeue());
                continue;
            }

            if (isWanted && fetched.Take(records, options.PollRecordsMax - records.Count)) break;
            buffered.Dequeue();
            fetched.Partition.IsBusy = false;
        }

        return records;
    }

    private async Task ReceiveAsync(Task<FetchAnswer> fetch)
    {
        FetchAnswer answer = await fetch;
        lock (gate) answers.Enqueue(answer);
        work.Set();
    }

    private FetchAnswer? TakeAnswer()
    {
        lock (gate) return answers.TryDequeue(out FetchAnswer? answer) ? answer : null;
    }

    private void Handle(FetchAnswer answer, Func<AssignedPartition, bool> isAssigned)
    {
        answer.Outlet.Done();
        foreach ((AssignedPartition partition, _) in answer.Asked.Values) partition.IsBusy = false;
        if (answer.Failure is { IsRetriable: false } failure) throw failure;
        if (answer.Response is not { } response)
        {
            if (answer.Error is not (ErrorCode.FetchSessionIdNotFound or ErrorCode.InvalidFetchSessionEpoch)) metadata.Want();
            if (answer.Failure is not null) Pause(answer.Asked.Values.Select(static asked => asked.Partition));
            return;
        }

        Dictionary<Uuid, string> names = [];
        foreach ((TopicPartition partition, FetchPosition position) in answer.Positions) names[position.TopicId] = partition.Topic;
        foreach (FetchResponse.FetchableTopicResponse topic in response.Responses)
        {
            string name = topic.Topic.Length > 0 ? topic.Topic : names.GetValueOrDefault(topic.TopicId, "");
            foreach (FetchResponse.PartitionData data in topic.Partitions)
            {
                if (!answer.Asked.TryGetValue(new TopicPartition(name, data.PartitionIndex), out (AssignedPartition Partition, int Move) asked)) continue;
                if (!isAssigned(asked.Partition) || asked.Move != asked.Partition.Move) continue;
                Handle(asked.Partition, asked.Move, data);
            }
        }
    }

    private void Handle(AssignedPartition partition, int move, FetchResponse.PartitionData data)
    {
        var error = (ErrorCode)data.ErrorCode;
        switch (error)
        {
            case ErrorCode.None when data.DivergingEpoch.EndOffset >= 0:
                // The log was cut behind records that were given out (KIP-320): go on where both agree.
                partition.SeekTo(Math.Min(partition.Position, data.DivergingEpoch.EndOffset));
                work.Set();
                break;
            case ErrorCode.None:
                partition.HighWatermark = data.HighWatermark;
                partition.LastStableOffset = data.LastStableOffset;
                partition.LogStart = data.LogStartOffset;
                if (data.Records.Length == 0) break;
                partition.IsBusy = true;
                buffered.Enqueue(new FetchedPartition(partition, move, data, options));
                break;
            case ErrorCode.OffsetOutOfRange:
                if (options.OffsetReset == OffsetReset.None)
                {
                    throw new OffsetOutOfRangeException(partition.Partition, partition.Position, $"{partition.Partition}: offset {partition.Position} is not in the log, and auto.offset.reset is none");
                }

                partition.Reset(options.OffsetReset == OffsetReset.Earliest ? Admin.OffsetSpec.Earliest : Admin.OffsetSpec.Latest);
                // The poll under way has looked for positions already.
                work.Set();
                break;
            default:
                if (!error.IsRetriable() && error != ErrorCode.UnknownServerError) throw KafkaException.Of(error, $"fetch from {partition.Partition}");
                if (error == ErrorCode.CorruptMessage) throw KafkaException.Of(error, $"fetch from {partition.Partition}");
                metadata.Want();
                Pause([partition]);
                break;
        }
    }

    // Until the metadata are there, or the broker is again, asking at once would only be refused at once.
    private void Pause(IEnumerable<AssignedPartition> partitions)
    {
        TimeProvider time = cluster.Scheduler.Time;
        backoff.Reset();
        TimeSpan pause = backoff.Next();
        foreach (AssignedPartition partition in partitions) partition.NotBefore = time.GetTimestamp() + (long)(pause.TotalSeconds * time.TimestampFrequency);
        metadata.WakeIn(pause);
    }

    private FetchOutlet OutletTo(BrokerEndpoint broker)
    {
        if (outlets.TryGetValue(broker.Id, out FetchOutlet? outlet) && outlet.Broker == broker) return outlet;
        return outlets[broker.Id] = new FetchOutlet(broker, cluster, owner, options);
    }
}
