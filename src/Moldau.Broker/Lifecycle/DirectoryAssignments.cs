using Microsoft.Extensions.Logging;
using Moldau.Broker.Controllers;
using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Protocol.Transport;

namespace Moldau.Broker.Lifecycle;

/// <summary>
/// Tells the controller in which of this node's log directories its replicas lie (AssignReplicasToDirs, KIP-858), so that it knows which partitions are lost when a
/// directory fails. What is asked for while a request is under way goes with the next; what fails for now is tried again. Thread-safe; one loop while there is work.
/// </summary>
internal sealed class DirectoryAssignments(IControllerChannel controller, int nodeId, Func<long> brokerEpoch, IScheduler scheduler, ILogger logger)
{
    private readonly Lock gate = new();
    private readonly SortedDictionary<(Uuid TopicId, int Partition), Uuid> wanted = [];
    private readonly CancellationTokenSource stopped = new();
    private Task loop = Task.CompletedTask;
    private bool isRunning;

    /// <summary>Assignments that the controller does not know yet.</summary>
    public int Count
    {
        get
        {
            lock (gate) return wanted.Count;
        }
    }

    /// <summary>A replica lies in a directory. A later call for the same partition replaces an earlier one.</summary>
    public void Assign((Uuid TopicId, int Partition) partition, Uuid directory)
    {
        lock (gate)
        {
            wanted[partition] = directory;
            if (isRunning || stopped.IsCancellationRequested) return;
            isRunning = true;
            loop = scheduler.Start("directory-assignments", RunAsync);
        }
    }

    /// <summary>Asks for nothing more, and completes when the loop has ended.</summary>
    public Task StopAsync()
    {
        lock (gate)
        {
            stopped.Cancel();
            return loop;
        }
    }

    private async Task RunAsync()
    {
        while (true)
        {
            KeyValuePair<(Uuid TopicId, int Partition), Uuid>[] batch;
            lock (gate)
            {
                batch = [.. wanted.Take(Limits.AssignmentsPerRequest)];
                isRunning = batch.Length > 0 && !stopped.IsCancellationRequested;
                if (!isRunning) return;
            }

            if (await SendAsync(batch)) continue;
            try
            {
                await scheduler.Delay(Limits.AssignmentRetry, stopped.Token);
            }
            catch (OperationCanceledException)
            {
                // The next round sees that it is over.
            }
        }
    }

    // False when it has to be tried again after a while.
    private async Task<bool> SendAsync(KeyValuePair<(Uuid TopicId, int Partition), Uuid>[] batch)
    {
        AssignReplicasToDirsResponse? response = await controller.AssignReplicasToDirsAsync(NewRequest(batch));
        if (response is not { ErrorCode: (short)ErrorCode.None })
        {
            if (response is not null) logger.AssignmentRefused(((ErrorCode)response.ErrorCode).KafkaName());
            return false;
        }

        foreach (AssignReplicasToDirsResponse.DirectoryData directory in response.Directories)
        {
            foreach (AssignReplicasToDirsResponse.TopicData topic in directory.Topics)
            {
                // The topic may be gone, or the replica another's by now: there is nothing left to tell.
                foreach (AssignReplicasToDirsResponse.PartitionData partition in topic.Partitions)
                    Told((topic.TopicId, partition.PartitionIndex), directory.Id);
            }
        }

        return true;
    }

    private void Told((Uuid TopicId, int Partition) partition, Uuid directory)
    {
        lock (gate)
        {
            if (wanted.TryGetValue(partition, out Uuid latest) && latest == directory) wanted.Remove(partition);
        }
    }

    private AssignReplicasToDirsRequest NewRequest(KeyValuePair<(Uuid TopicId, int Partition), Uuid>[] batch)
    {
        var request = new AssignReplicasToDirsRequest { BrokerId = nodeId, BrokerEpoch = brokerEpoch() };
        foreach (IGrouping<Uuid, (Uuid TopicId, int Partition)> inDirectory in batch.GroupBy(static entry => entry.Value, static entry => entry.Key))
        {
            AssignReplicasToDirsRequest.DirectoryData directory = request.Directories.Add();
            directory.Id = inDirectory.Key;
            foreach (IGrouping<Uuid, (Uuid TopicId, int Partition)> ofTopic in inDirectory.GroupBy(static partition => partition.TopicId))
            {
                AssignReplicasToDirsRequest.TopicData topic = directory.Topics.Add();
                topic.TopicId = ofTopic.Key;
                foreach ((Uuid _, int number) in ofTopic) topic.Partitions.Add().PartitionIndex = number;
            }
        }

        return request;
    }
}
