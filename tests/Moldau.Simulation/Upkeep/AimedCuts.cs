using Moldau.Simulated;
using Moldau.Simulated.Disk;
using Moldau.Simulation.Nodes;
using Moldau.Storage.Checkpoints;

namespace Moldau.Simulation.Upkeep;

/// <summary>
/// Power cuts where a node can be wrong: a few disk operations behind a checkpoint, while data of logs are on their way to the disk, so that what the checkpoint says of them
/// has to be true already; and around the renamings with which a log moves to another directory.
/// </summary>
internal sealed class AimedCuts
{
    private const string FutureSuffix = "-future";

    private readonly SimulatedNode node;
    private readonly SeededRandom random;
    private readonly string checkpoint;
    private readonly SortedSet<string> unflushed = new(StringComparer.Ordinal);
    private int left;

    public AimedCuts(SimulatedNode node, SeededRandom random)
    {
        this.node = node;
        this.random = random;
        checkpoint = random.Pick([OffsetCheckpointFile.RecoveryPoint, OffsetCheckpointFile.RecoveryPoint, OffsetCheckpointFile.Cleaner]) + ".tmp";
        node.Host.Disk.BeforeOperation += Consider;
    }

    /// <summary>From now on, in every other seed, a few.</summary>
    public void Begin() => left = random.Chance(500) ? 0 : 1 + random.Below(4);

    /// <summary>Ends them.</summary>
    public void Stop() => left = 0;

    private void Consider(DiskOperation operation)
    {
        if (left == 0) return;
        if (!node.IsServing)
        {
            unflushed.Clear();
            return;
        }

        if (operation.Path.EndsWith(".log", StringComparison.Ordinal))
        {
            if (operation.Kind == DiskOperationKind.Write) unflushed.Add(operation.Path);
            if (operation.Kind == DiskOperationKind.Flush) unflushed.Remove(operation.Path);
        }

        if (operation.Kind != DiskOperationKind.Rename) return;
        bool isMove = operation.Path.EndsWith(FutureSuffix, StringComparison.Ordinal);
        // Behind the flush of the folder, which makes a new checkpoint count.
        if (operation.Path.EndsWith(checkpoint, StringComparison.Ordinal) && random.Chance(unflushed.Count > 0 ? 500 : 50)) Cut(operation.Number + 2);
        else if (isMove && random.Chance(300)) Cut(operation.Number + 1);
    }

    private void Cut(long earliest)
    {
        left--;
        node.Host.Disk.CutAt(earliest + random.Below(3));
    }
}
