using System.Collections.Immutable;
using Moldau.Metadata.Image;
using Moldau.Protocol;

namespace Moldau.Metadata.Control;

/// <summary>Makes partitions of assignments, those that clients give and those that <see cref="ReplicaPlacer"/> finds.</summary>
internal sealed class PartitionAssignment(ControllerState state, PartitionControl partitions, ReplicaPlacer placer)
{
    /// <summary>A partition with the replicas that a client named, or INVALID_REPLICA_ASSIGNMENT with the reason.</summary>
    /// <param name="replicas">Brokers; the first leads if it can.</param>
    /// <param name="replicationFactor">What the partitions before it have; null: any.</param>
    /// <param name="number">The partition's number, for the message.</param>
    /// <param name="partition">The partition.</param>
    internal ApiError Manual(ImmutableArray<int> replicas, int? replicationFactor, int number, out PartitionRegistration? partition)
    {
        partition = null;
        ApiError error = Check(replicas, replicationFactor);
        if (error.IsFailure) return error;
        partition = New(replicas);
        return partition is null
            ? Invalid($"All brokers specified in the manual partition assignment for partition {number} are fenced or in controlled shutdown.")
            : ApiError.None;
    }

    /// <summary>Partitions on brokers of the controller's choice, or INVALID_REPLICATION_FACTOR with the reason.</summary>
    internal ApiError Automatic(int count, short replicationFactor, out ImmutableArray<PartitionRegistration> made)
    {
        made = [];
        ApiError error = placer.Place(count, replicationFactor, out ImmutableArray<ImmutableArray<int>> placed);
        if (error.IsFailure) return error with { Message = $"Unable to replicate the partition {replicationFactor} time(s): {error.Message}" };
        var result = ImmutableArray.CreateBuilder<PartitionRegistration>(count);
        foreach (ImmutableArray<int> replicas in placed)
        {
            if (New(replicas) is not { } partition)
            {
                return new ApiError(
                    ErrorCode.InvalidReplicationFactor,
                    $"Unable to replicate the partition {replicationFactor} time(s): All brokers are currently fenced or in controlled shutdown.");
            }

            result.Add(partition);
        }

        made = result.ToImmutable();
        return ApiError.None;
    }

    /// <summary>Whether replicas that a client named are registered brokers, each once.</summary>
    internal ApiError Check(ImmutableArray<int> replicas, int? replicationFactor)
    {
        if (replicas.IsEmpty) return Invalid("The manual partition assignment includes an empty replica list.");
        int previous = -1;
        foreach (int id in replicas.Order())
        {
            if (state.Cluster.Broker(id) is not { } broker) return Invalid($"The manual partition assignment includes broker {id}, but no such broker is registered.");
            if (!broker.HasUncordonedDirectories) return Invalid($"The manual partition assignment includes broker {id}, but all its log directories are cordoned.");
            if (id == previous) return Invalid($"The manual partition assignment includes the broker {id} more than once.");
            previous = id;
        }

        return replicationFactor is { } expected && expected != replicas.Length
            ? Invalid($"The manual partition assignment includes a partition with {replicas.Length} replica(s), but this is not consistent with previous partitions, which have {expected} replica(s).")
            : ApiError.None;
    }

    private static ApiError Invalid(string message) => new(ErrorCode.InvalidReplicaAssignment, message);

    /// <summary>Null when no replica can lead.</summary>
    private PartitionRegistration? New(ImmutableArray<int> replicas)
    {
        ImmutableArray<int> isr = [.. replicas.Where(state.Cluster.IsActive)];
        return isr.IsEmpty ? null : new PartitionRegistration
        {
            Replicas = replicas,
            Directories = [.. replicas.Select(partitions.DefaultDirectory)],
            Isr = isr,
            Leader = isr[0],
            LeaderEpoch = 0,
            PartitionEpoch = 0,
        };
    }
}
