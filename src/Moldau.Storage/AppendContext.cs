using Moldau.Protocol;
using Moldau.Protocol.Batches;

namespace Moldau.Storage;

/// <summary>Who appends, and in which leader epoch.</summary>
/// <param name="LeaderEpoch">The epoch in which this node leads the partition; written into the batch.</param>
/// <param name="Origin">A client's Produce, or a coordinator of this node.</param>
/// <param name="ProduceVersion">The version of the Produce request; below 7 zstd is refused.</param>
public readonly record struct AppendContext(LeaderEpoch LeaderEpoch, AppendOrigin Origin = AppendOrigin.Client, short ProduceVersion = 13);
