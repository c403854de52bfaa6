using Moldau.Protocol;
using Moldau.Protocol.Messages;
using Moldau.Simulated;
using Moldau.Simulation.Clients;
using Moldau.Simulation.Ledgers;

namespace Moldau.Simulation.Upkeep;

/// <summary>Moves partitions from one log directory to another, again and again, also while they are on their way.</summary>
internal sealed class ReplicaShuffler(SimulatedProcess process, ClusterLedger ledger, IReadOnlyList<Partition> partitions, IReadOnlyList<string> directories, Action begun) : NodeClient(process, ledger)
{
    public async Task RunAsync(int moves)
    {
        for (int i = 0; i < moves; i++)
        {
            Partition partition = Random.Pick(partitions);
            string directory = Random.Pick(directories);
            await AttemptAsync(() => MoveAsync(partition, directory));
            await Process.Scheduler.Delay(Random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(2)));
        }
    }

    private async Task MoveAsync(Partition partition, string directory)
    {
        AlterReplicaLogDirsRequest request = new();
        AlterReplicaLogDirsRequest.AlterReplicaLogDir asked = request.Dirs.Add();
        asked.Path = directory;
        AlterReplicaLogDirsRequest.AlterReplicaLogDirTopic topic = asked.Topics.Add();
        topic.Name = partition.Topic;
        topic.Partitions.Add(partition.Index);
        AlterReplicaLogDirsResponse response = await AskAsync(request, Requests.AlterReplicaLogDirsVersion);
        var error = (ErrorCode)response.Results[0].Partitions[0].ErrorCode;
        Process.Note($"is told {error.KafkaName()} for {partition} to {directory}");
        if (error == ErrorCode.None) begun();
        // A node that has just started does not have the partition yet; one with a directory offline moves nothing.
        else if (error is not (ErrorCode.ReplicaNotAvailable or ErrorCode.KafkaStorageError or ErrorCode.UnknownTopicOrPartition))
            throw new BrokenPromiseException($"{partition} is not moved to {directory}: {error.KafkaName()}");
    }
}
