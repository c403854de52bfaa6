using Moldau.Client;
using Moldau.Client.Admin;
using Moldau.Protocol;
using Moldau.Simulated;
using Moldau.Simulated.Disk;
using Moldau.Simulation.Clients;
using Moldau.Simulation.Nodes;
using Moldau.Storage.Files;

namespace Moldau.Simulation.Upkeep;

/// <summary>
/// Breaks the disk under one of the node's directories, not the one with the metadata: that directory alone goes offline, and the node serves what is in the others. After a while the
/// machine is started anew with a disk that works.
/// </summary>
internal sealed class DirectoryFailures(SimulatedProcess process, SimulatedNode node, Func<bool> isQuiet)
{
    public async Task RunAsync()
    {
        await using KafkaClient client = ManagedClient.On(process);
        for (int i = process.Random.Below(3); i > 0 && !isQuiet(); i--)
        {
            await process.Scheduler.Delay(process.Random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(8)));
            if (isQuiet() || !node.IsServing || node.DirectoryMayFail) continue;
            int boots = node.Boots;
            string directory = node.Directories[1 + process.Random.Below(node.Directories.Count - 1)];
            Break(directory);
            await process.Scheduler.Delay(process.Random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(5)));
            IReadOnlyList<LogDirDescription> shown = await ManagedClient.AskAsync(process, () => client.Admin.Cluster.DescribeLogDirsAsync(1));
            await CheckAsync(client, shown, directory, boots);
            await process.Scheduler.Delay(process.Random.Between(TimeSpan.Zero, TimeSpan.FromSeconds(5)));
            if (node.Boots == boots) node.Host.PowerCut();
        }
    }

    private void Break(string directory)
    {
        process.Note($"breaks {directory}");
        node.DirectoryMayFail = true;
        DiskFailure failure = process.Random.Pick([DiskFailure.Io, DiskFailure.Full, DiskFailure.Flush]);
        bool flushesOnly = failure == DiskFailure.Flush;
        node.Host.Disk.Faults.Rule = operation =>
        {
            bool isFlush = operation.Kind is DiskOperationKind.Flush or DiskOperationKind.FlushDirectory;
            bool isHere = operation.Path == directory || operation.Path.StartsWith(directory + "/", StringComparison.Ordinal);
            return isHere && operation.Kind != DiskOperationKind.Read && isFlush == flushesOnly ? failure : null;
        };
    }

    // Everything that another fault may have touched since is not this one's to judge.
    private async Task CheckAsync(KafkaClient client, IReadOnlyList<LogDirDescription> shown, string broken, int boots)
    {
        if (node.Boots != boots || node.DiskMayFail) return;
        foreach (LogDirDescription directory in shown.Where(directory => directory.Path != broken))
        {
            if (directory.Error != ErrorCode.None) throw new BrokenPromiseException($"{directory.Path}: {directory.Error.KafkaName()}, and the disk fails under {broken} alone");
            foreach (LogDirReplica replica in directory.Replicas.Where(static replica => !replica.IsFuture && replica.Partition.Topic is not ("fleeting" or "__cluster_metadata")))
            {
                // One that never answers is found too: the scenario does not come to its end.
                ListedOffset end = (await client.Admin.Partitions.ListOffsetsAsync([replica.Partition], OffsetSpec.Latest)).Single();
                if (end.Error != ErrorCode.None) throw new BrokenPromiseException($"{replica.Partition} in {directory.Path}: {end.Error.KafkaName()}, and the disk fails under {broken} alone");
            }
        }
    }
}
