using System.Collections.Immutable;
using Moldau.Protocol;

namespace Moldau.Raft;

/// <summary>The replicas whose majority elects and commits. Immutable; ordered by node id, which is unique in it.</summary>
public sealed class VoterSet : IEquatable<VoterSet>
{
    /// <summary>No voters: the node has not learned of any yet.</summary>
    public static readonly VoterSet Empty = new([]);

    /// <summary>A set of these voters.</summary>
    public VoterSet(IEnumerable<VoterNode> voters)
    {
        Nodes = [.. voters.OrderBy(voter => voter.Id)];
        for (int i = 1; i < Nodes.Length; i++) Invariant.That(Nodes[i].Id != Nodes[i - 1].Id);
        Invariant.That(Nodes.Length <= Limits.Voters);
    }

    /// <summary>The voters by node id.</summary>
    public ImmutableArray<VoterNode> Nodes { get; }

    /// <summary>How many.</summary>
    public int Count => Nodes.Length;

    /// <summary>How many make a majority.</summary>
    public int Majority => Nodes.Length / 2 + 1;

    /// <summary>The voter of this node id, or null.</summary>
    public VoterNode? Find(int id)
    {
        foreach (VoterNode voter in Nodes)
            if (voter.Id == id) return voter;
        return null;
    }

    /// <summary>Whether this replica is a voter.</summary>
    public bool Contains(ReplicaKey key) => Find(key.Id)?.Is(key) ?? false;

    /// <summary>Whether this replica is the only voter, and so elects itself.</summary>
    public bool IsOnly(ReplicaKey key) => Nodes.Length == 1 && Nodes[0].Is(key);

    /// <summary>The set with <paramref name="voter"/> in the place of the voter with its key.</summary>
    public VoterSet WithUpdated(VoterNode voter)
    {
        Invariant.That(Contains(voter.Key));
        return new VoterSet(Nodes.Select(node => node.Id == voter.Id ? voter : node));
    }

    public bool Equals(VoterSet? other) => other is not null && Nodes.SequenceEqual(other.Nodes);

    public override bool Equals(object? obj) => Equals(obj as VoterSet);

    public override int GetHashCode() => Nodes.Length;

    public override string ToString() => string.Join(",", Nodes.Select(node => node.Key));
}
