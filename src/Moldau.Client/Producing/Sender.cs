using Moldau.Client.Clusters;
using Moldau.Client.Connections;
using Moldau.Client.Waiting;
using Moldau.Protocol;
using Moldau.Protocol.Messages;

namespace Moldau.Client.Producing;

/// <summary>
/// Sends what the accumulator has ready: one loop, which never waits for a broker. Requests leave in the order in which batches were taken; answers are handled as they come.
/// </summary>
internal sealed class Sender
{
    private readonly Cluster cluster;
    private readonly Accumulator accumulator;
    private readonly ProducerOptions options;
    private readonly int owner;
    private readonly Dictionary<int, BrokerOutlet> outlets = [];
    private readonly Backoff metadataBackoff;
    private readonly Signal work;
    private readonly Errand asking;
    private readonly Errand refresh;
    private ProducerIdentity identity = ProducerIdentity.None;
    private bool needsIdentity;
    private bool wantsMetadata;
    private bool stopped;
    private Task running = Task.CompletedTask;

    public Sender(Cluster cluster, Accumulator accumulator, ProducerOptions options)
    {
        this.cluster = cluster;
        this.accumulator = accumulator;
        this.options = options;
        owner = cluster.NextOwner();
        metadataBackoff = cluster.Retries.NewBackoff();
        work = new Signal(cluster.Scheduler.Time);
        asking = new Errand(cluster.Scheduler, work);
        refresh = new Errand(cluster.Scheduler, work);
        needsIdentity = options.IsIdempotent;
    }

    public void Start() => running = cluster.Scheduler.Start("producer", RunAsync);

    /// <summary>There is something new to look at.</summary>
    public void Wake() => work.Set();

    /// <summary>Ends the loop, fails what is left and closes the connections.</summary>
    public async ValueTask StopAsync()
    {
        Volatile.Write(ref stopped, true);
        Wake();
        await running;
        List<ProducerBatch> left;
        lock (accumulator.Gate) left = [.. accumulator.Queues.SelectMany(static queue => queue.All)];
        foreach (ProducerBatch batch in left) batch.Fail(new KafkaException(ErrorCode.OperationNotAttempted, "the producer was closed"));
        await cluster.Links.CloseAsync(owner);
        work.Dispose();
    }

    private async Task RunAsync()
    {
        while (!Volatile.Read(ref stopped))
        {
            TimeSpan next = ExpireOverdue();
            RenewIdentity();
            foreach ((BrokerOutlet outlet, KafkaConnection connection, List<ProducerBatch> batches) in TakeReady(ref next)) Send(outlet, connection, new ProduceExchange(batches));
            if (wantsMetadata || cluster.IsStale) RefreshMetadata();
            await work.WaitAsync(next);
        }
    }

    private TimeSpan ExpireOverdue()
    {
        TimeSpan next = Timeout.InfiniteTimeSpan;
        List<ProducerBatch>? overdue = null;
        lock (accumulator.Gate)
        {
            foreach (PartitionQueue queue in accumulator.Queues)
            {
                while (queue.Head is { } head)
                {
                    TimeSpan left = accumulator.ExpiryOf(head);
                    if (left > TimeSpan.Zero)
                    {
                        next = Sooner(next, left);
                        break;
                    }

                    queue.Remove(head, leavesGap: true);
                    needsIdentity |= options.IsIdempotent && head.BaseSequence >= 0;
                    (overdue ??= []).Add(head);
                }
            }
        }

        foreach (ProducerBatch batch in overdue ?? []) GiveUp(batch, new KafkaTimeoutException($"{batch.Partition}: not delivered within {options.DeliveryTimeout.TotalSeconds:0.#} s"));
        return next;
    }

    // While a new identity is needed, only batches that bear a sequence number of the old one are sent, until each is decided.
    private void RenewIdentity()
    {
        if (!needsIdentity || asking.IsRunning) return;
        lock (accumulator.Gate)
        {
            if (accumulator.Queues.Any(static queue => queue.HasSequenced) || !accumulator.Queues.Any(static queue => !queue.IsEmpty)) return;
        }

        asking.Start("producer id", AskIdentityAsync);
    }

    private async Task AskIdentityAsync()
    {
        try
        {
            ProducerIdentity given = await cluster.Retries.RunAsync("producer id", options.DeliveryTimeout, token => ProducerIds.AskAsync(cluster, token), CancellationToken.None);
            lock (accumulator.Gate)
            {
                identity = given;
                needsIdentity = false;
                foreach (PartitionQueue queue in accumulator.Queues) queue.Restart();
            }
        }
        catch (KafkaException e)
        {
            FailAll(e);
        }
    }

    private void FailAll(KafkaException reason)
    {
        List<ProducerBatch> failed = [];
        lock (accumulator.Gate)
        {
            foreach (PartitionQueue queue in accumulator.Queues)
            {
                while (queue.Head is { } head)
                {
                    queue.Remove(head, leavesGap: true);
                    failed.Add(head);
                }
            }
        }

        foreach (ProducerBatch batch in failed) GiveUp(batch, reason);
    }

    private List<(BrokerOutlet Outlet, KafkaConnection Connection, List<ProducerBatch> Batches)> TakeReady(ref TimeSpan next)
    {
        List<(BrokerOutlet, KafkaConnection, List<ProducerBatch>)> requests = [];
        ClusterSnapshot known = cluster.Snapshot;
        lock (accumulator.Gate)
        {
            Dictionary<int, List<PartitionQueue>> ready = [];
            foreach (PartitionQueue queue in accumulator.Queues)
            {
                if (queue.Head is not { } head || (needsIdentity && head.BaseSequence < 0)) continue;
                TimeSpan wait = accumulator.WaitOf(head);
                if (wait > TimeSpan.Zero)
                {
                    next = Sooner(next, wait);
                    continue;
                }

                if (known.LeaderOf(queue.Partition) is not { } leader)
                {
                    wantsMetadata = true;
                    continue;
                }

                if (!queue.MaySend(leader.Id, options.IsIdempotent, options.InFlightMax)) continue;
                if (!ready.TryGetValue(leader.Id, out List<PartitionQueue>? queues)) ready[leader.Id] = queues = [];
                queues.Add(queue);
            }

            foreach ((int broker, List<PartitionQueue> queues) in ready) Take(OutletTo(known.Broker(broker)!), queues, requests);
        }

        return requests;
    }

    // One batch of a partition in a request, as many partitions as fit.
    private void Take(BrokerOutlet outlet, List<PartitionQueue> queues, List<(BrokerOutlet, KafkaConnection, List<ProducerBatch>)> requests)
    {
        KafkaConnection? connection = outlet.TryConnect(out bool failed);
        wantsMetadata |= failed;
        if (connection is null) return;
        int left = 0;
        while (left < queues.Count && outlet.InFlight < options.InFlightMax)
        {
            List<ProducerBatch> batches = [];
            long bytes = 0;
            for (; left < queues.Count; left++)
            {
                int size = queues[left].Head!.Builder.EstimatedSizeInBytes;
                if (batches.Count > 0 && bytes + size > options.RequestBytesMax) break;
                bytes += size;
                batches.Add(queues[left].Take(outlet.Broker.Id, options.IsIdempotent));
            }

            outlet.Sent();
            requests.Add((outlet, connection, batches));
        }
    }

    private void Send(BrokerOutlet outlet, KafkaConnection connection, ProduceExchange exchange)
    {
        ClusterSnapshot known = cluster.Snapshot;
        Task<ProduceResponse?> answer;
        try
        {
            short highest = exchange.HasTopicIds(known) ? short.MaxValue : (short)(ProduceExchange.FirstVersionByTopicId - 1);
            short version = connection.VersionOf(ApiKey.Produce, highest);
            answer = SendAsync(connection, exchange.Request(options, identity, known), version);
        }
        catch (KafkaException e)
        {
            answer = Task.FromException<ProduceResponse?>(e);
        }

        _ = cluster.Scheduler.Start("produce answer", () => HandleAsync(outlet, exchange, known, answer));
    }

    private Task<ProduceResponse?> SendAsync(KafkaConnection connection, ProduceRequest request, short version)
    {
        return options.Acks == Acks.None ? PostAsync() : AnswerAsync(connection.SendAsync(request, options.RequestTimeout, version));

        async Task<ProduceResponse?> PostAsync()
        {
            await connection.PostAsync(request, version);
            return null;
        }

        static async Task<ProduceResponse?> AnswerAsync(Task<ProduceResponse> response) => await response;
    }

    private async Task HandleAsync(BrokerOutlet outlet, ProduceExchange exchange, ClusterSnapshot known, Task<ProduceResponse?> answer)
    {
        ProduceResponse? response = null;
        KafkaException? failure = null;
        try
        {
            response = await answer;
        }
        catch (KafkaException e)
        {
            failure = e;
        }

        outlet.Answered();
        foreach (ProducerBatch batch in exchange.Batches)
        {
            if (failure is not null) Settle(batch, failure.Code, -1, -1, failure.Message);
            else if (response is null) Settle(batch, ErrorCode.None, -1, -1, null);
            else if (exchange.AnswerFor(batch, response, known) is { } result) Settle(batch, (ErrorCode)result.ErrorCode, result.BaseOffset, result.LogAppendTimeMs, Explain(result));
            else Settle(batch, ErrorCode.UnknownServerError, -1, -1, "the broker did not answer for the partition");
        }

        Wake();
    }

    private void Settle(ProducerBatch batch, ErrorCode error, long baseOffset, long appendTimeMs, string? message)
    {
        BatchAction action;
        lock (accumulator.Gate)
        {
            PartitionQueue queue = accumulator.Queue(batch.Partition);
            action = OutcomeRules.Decide(error, queue.IsOldest(batch), queue.HasGap, batch.MayBeWritten);
            batch.MayBeWritten |= OutcomeRules.MayBeWritten(error);
            wantsMetadata |= OutcomeRules.NeedsMetadata(error);
            if (action is BatchAction.Retry or BatchAction.Resequence && accumulator.ExpiryOf(batch) == TimeSpan.Zero) action = BatchAction.Fail;
            if (action is BatchAction.Deliver or BatchAction.Fail) queue.Remove(batch, leavesGap: action == BatchAction.Fail);
            else Return(queue, batch, action);
            // A sequence number that was given up leaves a gap which the broker does not forgive.
            needsIdentity |= options.IsIdempotent && action is BatchAction.Fail or BatchAction.Resequence;
        }

        if (action == BatchAction.Deliver)
        {
            batch.Succeed(new BatchOutcome(baseOffset, appendTimeMs));
            accumulator.Release(batch);
        }
        else if (action == BatchAction.Fail)
        {
            GiveUp(batch, KafkaException.Of(error, batch.Partition.ToString(), message));
        }
    }

    private void Return(PartitionQueue queue, ProducerBatch batch, BatchAction action)
    {
        if (action == BatchAction.Resequence) batch.BaseSequence = -1;
        Backoff backoff = cluster.Retries.NewBackoff();
        TimeSpan pause = backoff.Next();
        for (int i = 1; i < Math.Min(batch.Attempts, 8); i++) pause = backoff.Next();
        batch.NotBefore = cluster.Scheduler.Time.GetTimestamp() + (long)(pause.TotalSeconds * cluster.Scheduler.Time.TimestampFrequency);
        queue.Return(batch);
    }

    private void GiveUp(ProducerBatch batch, KafkaException reason)
    {
        batch.Fail(reason);
        accumulator.Release(batch);
    }

    private BrokerOutlet OutletTo(BrokerEndpoint broker)
    {
        if (outlets.TryGetValue(broker.Id, out BrokerOutlet? outlet) && outlet.Broker == broker) return outlet;
        return outlets[broker.Id] = new BrokerOutlet(broker, cluster, owner, work);
    }

    private void RefreshMetadata()
    {
        if (refresh.IsRunning) return;
        wantsMetadata = false;
        refresh.Start("producer metadata", async () =>
        {
            await cluster.Scheduler.Delay(metadataBackoff.Next());
            try
            {
                await cluster.RefreshAsync(CancellationToken.None);
                metadataBackoff.Reset();
            }
            catch (KafkaException)
            {
                // The loop finds out that nothing has changed and asks again.
                lock (accumulator.Gate) wantsMetadata = true;
            }
        });
    }

    private static string? Explain(ProduceResponse.PartitionProduceResponse result)
    {
        foreach (ProduceResponse.BatchIndexAndErrorMessage record in result.RecordErrors)
        {
            if (record.BatchIndexErrorMessage is { } text) return $"record {record.BatchIndex} of the batch: {text}";
        }

        return result.ErrorMessage;
    }

    private static TimeSpan Sooner(TimeSpan first, TimeSpan second) => first == Timeout.InfiniteTimeSpan || second < first ? second : first;
}
