using System.Collections.Immutable;
using Moldau.Metadata.Image;
using Moldau.Protocol;

namespace Moldau.Metadata.Control;

/// <summary>
/// Places replicas of new partitions. Leaders go round the brokers of a rack in turn, first replicas go round the racks, and the other replicas of a
/// partition go on to the next racks, so that a rack's loss costs as few of them as can be. Fenced brokers are last and never lead. Where the round begins is
/// random, and after each round everything is shuffled, so that the same brokers do not always stand together.
/// </summary>
internal sealed class ReplicaPlacer(ControllerState state, BrokerHeartbeats heartbeats, IControllerRandom random)
{
    /// <summary>Replicas for each partition, or INVALID_REPLICATION_FACTOR with the reason.</summary>
    internal ApiError Place(int partitionCount, short replicationFactor, out ImmutableArray<ImmutableArray<int>> placed)
    {
        placed = [];
        var racks = new SortedDictionary<string, Rack>(StringComparer.Ordinal);
        int total = 0, unfenced = 0;
        foreach (BrokerRegistration broker in state.Cluster.Brokers.Values)
        {
            if (!heartbeats.IsUsable(broker) || !broker.HasUncordonedDirectories) continue;

            // No rack sorts before every rack, and is not the rack with the empty name.
            string name = broker.Rack is null ? "" : "r" + broker.Rack;
            if (!racks.TryGetValue(name, out Rack? rack)) racks[name] = rack = new Rack();
            (broker.Fenced ? rack.Fenced : rack.Unfenced).Brokers.Add(broker.Id);
            total++;
            if (!broker.Fenced) unfenced++;
        }

        if (replicationFactor <= 0)
        {
            return new ApiError(ErrorCode.InvalidReplicationFactor, $"Invalid replication factor {replicationFactor}: the replication factor must be positive.");
        }

        if (unfenced == 0) return new ApiError(ErrorCode.InvalidReplicationFactor, "All brokers are currently fenced.");
        if (replicationFactor > total)
        {
            return new ApiError(
                ErrorCode.InvalidReplicationFactor,
                $"The target replication factor of {replicationFactor} cannot be reached because only {total} broker(s) are registered.");
        }

        placed = PlaceAll([.. racks.Values], unfenced, partitionCount, replicationFactor);
        return ApiError.None;
    }

    private ImmutableArray<ImmutableArray<int>> PlaceAll(Rack[] racks, int unfenced, int partitionCount, int replicationFactor)
    {
        foreach (Rack rack in racks) rack.Start(random);
        int offset = random.Next(racks.Length), round = 0;
        var placed = ImmutableArray.CreateBuilder<ImmutableArray<int>>(partitionCount);
        for (int partition = 0; partition < partitionCount; partition++)
        {
            if (round == unfenced && unfenced > 1)
            {
                Shuffle(racks);
                foreach (Rack rack in racks) rack.Reshuffle(random);
                round = 0;
            }

            if (offset == racks.Length) offset = 0;
            placed.Add(PlaceOne(racks, offset, round, replicationFactor));
            round++;
            offset++;
        }

        return placed.ToImmutable();
    }

    private static ImmutableArray<int> PlaceOne(Rack[] racks, int offset, int round, int replicationFactor)
    {
        var replicas = ImmutableArray.CreateBuilder<int>(replicationFactor);
        int leaderRack = offset, leader;
        while ((leader = racks[leaderRack].Unfenced.Next(round)) < 0) leaderRack = (leaderRack + 1) % racks.Length;
        replicas.Add(leader);

        // The leader's rack is passed over once: it has its replica already.
        int rack = offset;
        while (replicas.Count < replicationFactor)
        {
            if (rack == leaderRack) leaderRack = -1;
            else if (racks[rack].Next(round) is >= 0 and var replica) replicas.Add(replica);
            rack = (rack + 1) % racks.Length;
        }

        return replicas.ToImmutable();
    }

    private void Shuffle<T>(IList<T> items)
    {
        for (int i = items.Count - 1; i > 0; i--)
        {
            int j = random.Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    /// <summary>Brokers in a ring. In each round every broker is given once, beginning one further than in the round before.</summary>
    private sealed class BrokerRing
    {
        private int round = -1, given, start;

        internal List<int> Brokers { get; } = [];

        internal void Start(IControllerRandom random)
        {
            if (Brokers.Count > 0) start = random.Next(Brokers.Count);
        }

        internal void Reshuffle(IControllerRandom random)
        {
            for (int i = Brokers.Count - 1; i > 0; i--)
            {
                int j = random.Next(i + 1);
                (Brokers[i], Brokers[j]) = (Brokers[j], Brokers[i]);
            }

            round = -1;
        }

        /// <summary>The next broker of a round; -1 when all were given.</summary>
        internal int Next(int current)
        {
            if (Brokers.Count == 0) return -1;
            if (round != current) (round, given, start) = (current, 0, (start + 1) % Brokers.Count);
            return given == Brokers.Count ? -1 : Brokers[(start + given++) % Brokers.Count];
        }
    }

    private sealed class Rack
    {
        internal BrokerRing Fenced { get; } = new();

        internal BrokerRing Unfenced { get; } = new();

        internal void Start(IControllerRandom random)
        {
            Fenced.Start(random);
            Unfenced.Start(random);
        }

        internal void Reshuffle(IControllerRandom random)
        {
            Fenced.Reshuffle(random);
            Unfenced.Reshuffle(random);
        }

        internal int Next(int round) => Unfenced.Next(round) is >= 0 and var broker ? broker : Fenced.Next(round);
    }
}
